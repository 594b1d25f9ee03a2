variable "name" {
  type = string
}

resource "machineid_zenml_service_account" "test" {
  name = var.name
}

resource "machineid_zenml_api_key" "test" {
  service_account_id = machineid_zenml_service_account.test.id
  name               = "ci"
  description        = "looked up"
}

resource "machineid_zenml_api_key" "spare" {
  service_account_id = machineid_zenml_service_account.test.id
  name               = "spare"
  active             = false
}

data "machineid_zenml_api_key" "by_id" {
  service_account_id = machineid_zenml_service_account.test.id
  id                 = machineid_zenml_api_key.test.id
}

data "machineid_zenml_api_key" "by_name" {
  service_account_id = machineid_zenml_service_account.test.id
  name               = machineid_zenml_api_key.test.name
}
