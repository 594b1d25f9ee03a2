resource "machineid_zenml_service_account" "training" {
  name        = "nightly-training"
  description = "Made by hand."
}

output "ids" {
  value = {
    "5f0c7d52-3a7e-4a86-9a57-0d2f5c1b7e31" = machineid_zenml_service_account.training.id
  }
}
