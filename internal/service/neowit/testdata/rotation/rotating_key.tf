variable "rotate_after" {
  type    = string
  default = "90d"
}

variable "overlap" {
  type    = string
  default = "7d"
}

variable "quarter" {
  type    = string
  default = "1"
}

variable "verify" {
  type    = bool
  default = null
}

variable "on_drift" {
  type    = string
  default = null
}

variable "verify_on_refresh" {
  type    = bool
  default = null
}

resource "machineid_neowit_service_account" "test" {
  name = "ci"
}

resource "machineid_neowit_service_account_rotating_key" "test" {
  service_account_id  = machineid_neowit_service_account.test.id
  rotate_after        = var.rotate_after
  overlap             = var.overlap
  rotate_when_changed = { quarter = var.quarter }
  verify              = var.verify
  on_drift            = var.on_drift
  verify_on_refresh   = var.verify_on_refresh
}
