data "machineid_zenml_service_account" "training" {
  name = "nightly-training"
}

# Tells what is known of a key. The key itself is readable nowhere: the server shows it once, at creation.
data "machineid_zenml_api_key" "scheduler" {
  service_account_id = data.machineid_zenml_service_account.training.id
  name               = "scheduler"
}

# Warns at plan and apply, and stops neither.
check "scheduler_key_is_accepted" {
  assert {
    condition     = data.machineid_zenml_api_key.scheduler.active
    error_message = "The scheduler's API key is deactivated."
  }
}

output "scheduler_key_created" {
  value = data.machineid_zenml_api_key.scheduler.created
}
