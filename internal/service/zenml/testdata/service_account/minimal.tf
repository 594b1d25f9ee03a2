variable "name" {
  type = string
}

resource "machineid_zenml_service_account" "test" {
  name = var.name
}
