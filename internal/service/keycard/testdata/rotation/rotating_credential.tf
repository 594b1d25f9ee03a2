variable "name" {
  type    = string
  default = "ci"
}

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
  default = "90d"
}

variable "overlap" {
  type    = string
  default = "7d"
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

variable "deletion_policy" {
  type    = string
  default = null
}

variable "organization" {
  type    = string
  default = null
}

resource "machineid_keycard_service_account" "test" {
  name            = "ci"
  organization_id = var.organization
}

resource "machineid_keycard_service_account_rotating_credential" "test" {
  organization_id     = var.organization
  service_account_id  = machineid_keycard_service_account.test.id
  name                = var.name
  description         = var.description
  rotate_after        = var.rotate_after
  overlap             = var.overlap
  rotate_when_changed = var.rotate == null ? null : { quarter = var.rotate }
  verify              = var.verify
  on_drift            = var.on_drift
  verify_on_refresh   = var.verify_on_refresh
  deletion_policy     = var.deletion_policy
}
