resource "machineid_zenml_rotating_api_key" "scheduler" {
  service_account_id = "5f0c7d52-3a7e-4a86-9a57-0d2f5c1b7e31"
  name               = "scheduler"
  overlap            = "7d"
}
