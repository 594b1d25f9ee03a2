resource "machineid_zenml_service_account" "training" {
  name = "nightly-training"
}

resource "machineid_zenml_api_key" "scheduler" {
  service_account_id = machineid_zenml_service_account.training.id
  name               = "scheduler"
}

output "ids" {
  value = { "0f1a6b3e-52f1-4c54-9d0f-4b6f6a7f3c11" = machineid_zenml_service_account.training.id }
}
