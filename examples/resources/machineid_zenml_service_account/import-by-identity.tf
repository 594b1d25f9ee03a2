import {
  to = machineid_zenml_service_account.training
  identity = {
    id = "5f0c7d52-3a7e-4a86-9a57-0d2f5c1b7e31"
  }
}
