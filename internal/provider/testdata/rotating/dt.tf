variable "dt_project" {
  type = string
}

variable "keycard_organization_id" {
  type = string
}

variable "quarter" {
  type = string
}

resource "machineid_dt_service_account" "account" {
  project = var.dt_project
}

resource "machineid_dt_service_account_rotating_key" "leaf" {
  service_account     = machineid_dt_service_account.account.name
  overlap             = "7d"
  rotate_when_changed = { quarter = var.quarter }
}
