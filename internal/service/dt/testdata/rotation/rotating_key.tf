variable "project" {
  type = string
}

variable "rotate_after" {
  type    = string
  default = "90d"
}

variable "overlap" {
  type    = string
  default = "7d"
}

variable "reason" {
  type    = string
  default = null
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

variable "basic_auth" {
  type    = bool
  default = false
}

variable "unknown_outcome" {
  type    = string
  default = null
}

provider "machineid" {
  max_retries     = 0
  unknown_outcome = var.unknown_outcome
}

resource "machineid_dt_service_account" "test" {
  project           = var.project
  enable_basic_auth = var.basic_auth
}

resource "machineid_dt_service_account_rotating_key" "test" {
  service_account     = machineid_dt_service_account.test.name
  rotate_after        = var.rotate_after
  overlap             = var.overlap
  rotate_when_changed = var.reason == null ? null : { reason = var.reason }
  verify              = var.verify
  on_drift            = var.on_drift
  verify_on_refresh   = var.verify_on_refresh
}
