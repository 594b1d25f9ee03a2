variable "dt_project" {
  type = string
}

variable "keycard_organization_id" {
  type = string
}

variable "quarter" {
  type = string
}

resource "machineid_keycard_service_account" "account" {
  organization_id = var.keycard_organization_id
  name            = "rotating"
}

resource "machineid_keycard_service_account_rotating_credential" "leaf" {
  organization_id     = var.keycard_organization_id
  service_account_id  = machineid_keycard_service_account.account.id
  name                = "ci"
  overlap             = "7d"
  rotate_when_changed = { quarter = var.quarter }
}
