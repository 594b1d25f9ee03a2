resource "machineid_zenml_service_account" "training" {
  name = "nightly-training"
}

resource "machineid_zenml_api_key" "scheduler" {
  service_account_id = machineid_zenml_service_account.training.id
  name               = "scheduler"
  description        = "Held by the scheduler."

  # Rotation by a merge: whoever changes a value here gets a new key with the next apply. The old one is deleted.
  rotate_when_changed = {
    quarter = "2026-Q4"
    reason  = "planned"
  }
}

# Made ahead of time and refused by the server until somebody sets active to true.
resource "machineid_zenml_api_key" "standby" {
  service_account_id = machineid_zenml_service_account.training.id
  name               = "standby"
  active             = false
}

# Terraform prints "(sensitive value)". `terraform output -raw scheduler_key` gives the key to the next program in a
# pipe, so that it never stands on a screen or in a log.
output "scheduler_key" {
  value     = machineid_zenml_api_key.scheduler.key
  sensitive = true
}
