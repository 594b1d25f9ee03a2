terraform {
  required_providers {
    machineid = {
      source = "registry.terraform.io/machineid/machineid"
    }
  }
}

# Where the server is and how to log in stands in the environment.
provider "machineid" {}

resource "machineid_zenml_service_account" "training" {
  name        = "nightly-training"
  description = "Runs the training pipelines at night."
}

resource "machineid_zenml_api_key" "training" {
  service_account_id = machineid_zenml_service_account.training.id
  name               = "scheduler"
  description        = "Held by the scheduler."
}

output "key" {
  value     = machineid_zenml_api_key.training.key
  sensitive = true
}
