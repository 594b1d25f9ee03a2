resource "machineid_zenml_service_account" "training" {
  name = "nightly-training"
}

resource "machineid_zenml_rotating_api_key" "scheduler" {
  service_account_id = machineid_zenml_service_account.training.id
  name               = "scheduler"
  overlap            = "7d"
}

output "ids" {
  value = {
    "5f0c7d52-3a7e-4a86-9a57-0d2f5c1b7e31" = machineid_zenml_service_account.training.id
    "c8b1e7f4-62d9-4f0b-8a35-9e4d7c20f6a8" = machineid_zenml_rotating_api_key.scheduler.current.id
  }
}
