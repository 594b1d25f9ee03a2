variable "dt_project" {
  type = string
}

variable "keycard_organization_id" {
  type = string
}

variable "quarter" {
  type = string
}

resource "machineid_neowit_service_account" "account" {
  name = "rotating"
}

resource "machineid_neowit_service_account_rotating_key" "leaf" {
  service_account_id  = machineid_neowit_service_account.account.id
  overlap             = "7d"
  rotate_when_changed = { quarter = var.quarter }
}
