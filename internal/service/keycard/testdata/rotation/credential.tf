variable "description" {
  type    = string
  default = null
}

variable "rotate" {
  type    = string
  default = null
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

variable "deletion_policy" {
  type    = string
  default = null
}

variable "keep_if_used_within" {
  type    = string
  default = null
}

resource "machineid_keycard_service_account" "test" {
  name = "ci"
}

resource "machineid_keycard_service_account_credential" "test" {
  service_account_id  = machineid_keycard_service_account.test.id
  name                = "ci"
  description         = var.description
  rotate_when_changed = var.rotate == null ? null : { quarter = var.rotate }
  rotate_after        = var.rotate_after
  rotation_jitter     = var.rotation_jitter
  on_drift            = var.on_drift
  verify_on_refresh   = var.verify_on_refresh
  deletion_policy     = var.deletion_policy
  keep_if_used_within = var.keep_if_used_within
}
