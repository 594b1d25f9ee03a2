variable "project" {
  type = string
}

variable "rotate_after" {
  type    = string
  default = null
}

variable "rotation_jitter" {
  type    = string
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

provider "machineid" {
  max_retries = 0
}

resource "machineid_dt_service_account" "test" {
  project = var.project
}

resource "machineid_dt_service_account_key" "test" {
  service_account   = machineid_dt_service_account.test.name
  rotate_after      = var.rotate_after
  rotation_jitter   = var.rotation_jitter
  on_drift          = var.on_drift
  verify_on_refresh = var.verify_on_refresh
}
