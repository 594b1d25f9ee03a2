resource "machineid_zenml_service_account" "training" {
  name        = "nightly-training"
  description = "Made by hand."
}
