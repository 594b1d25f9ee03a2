variable "name" {
  type = string
}

resource "machineid_zenml_service_account" "test" {
  name        = var.name
  full_name   = "Continuous Integration"
  description = "looked up"
  avatar_url  = "https://example.com/ci.png"
  active      = false
}

data "machineid_zenml_service_account" "by_id" {
  id = machineid_zenml_service_account.test.id
}

data "machineid_zenml_service_account" "by_name" {
  name = machineid_zenml_service_account.test.name
}
