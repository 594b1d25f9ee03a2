variable "dt_project" {
  type = string
}

variable "keycard_organization_id" {
  type = string
}

variable "quarter" {
  type = string
}

resource "machineid_zenml_service_account" "account" {
  name = "rotating"
}

resource "machineid_zenml_rotating_api_key" "leaf" {
  service_account_id  = machineid_zenml_service_account.account.id
  name                = "ci"
  overlap             = "7d"
  rotate_when_changed = { quarter = var.quarter }
}
