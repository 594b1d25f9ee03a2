resource "machineid_zenml_service_account" "staging" {
  name = "staging"
}

resource "machineid_zenml_service_account" "production" {
  provider = machineid.production
  name     = "production"
}
