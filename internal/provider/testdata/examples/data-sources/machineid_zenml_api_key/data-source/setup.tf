resource "machineid_zenml_service_account" "training" {
  name = "nightly-training"
}

resource "machineid_zenml_api_key" "scheduler" {
  service_account_id = machineid_zenml_service_account.training.id
  name               = "scheduler"
}
