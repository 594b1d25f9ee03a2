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

resource "machineid_neowit_service_account" "test" {
  name = "ci"
}

resource "machineid_neowit_service_account_key" "test" {
  service_account_id = machineid_neowit_service_account.test.id
  rotate_after       = var.rotate_after
  rotation_jitter    = var.rotation_jitter
  on_drift           = var.on_drift
  verify_on_refresh  = var.verify_on_refresh
}
