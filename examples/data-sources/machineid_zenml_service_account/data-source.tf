# An account that another team made.
data "machineid_zenml_service_account" "training" {
  name = "nightly-training"
}

resource "machineid_zenml_api_key" "dashboard" {
  service_account_id = data.machineid_zenml_service_account.training.id
  name               = "dashboard"
}

output "training_is_active" {
  value = data.machineid_zenml_service_account.training.active
}
