# Handing the key to its consumer in the same apply. Where the consumer has a Terraform resource, such as a Kubernetes
# secret, give it the attribute `key`. This is the way for one that has none.

variable "key_file" {
  type        = string
  description = "Where the scheduler expects its key."
}

resource "machineid_zenml_service_account" "batch" {
  name = "batch"
}

resource "machineid_zenml_api_key" "batch" {
  service_account_id = machineid_zenml_service_account.batch.id
  name               = "batch-scheduler"
}

resource "terraform_data" "batch_key_file" {
  # A new key has a new id, so each rotation hands over again.
  triggers_replace = [machineid_zenml_api_key.batch.id, var.key_file]

  provisioner "local-exec" {
    # The key travels in the environment: a command line can be read by every user of the machine.
    command = "umask 077 && printf '%s' \"$ZENML_API_KEY\" > \"$KEY_FILE\""

    environment = {
      ZENML_API_KEY = machineid_zenml_api_key.batch.key
      KEY_FILE      = var.key_file
    }
  }
}
