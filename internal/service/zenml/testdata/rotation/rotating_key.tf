variable "name" {
  type = string
}

variable "key_name" {
  type    = string
  default = "ci"
}

variable "description" {
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

variable "rotation_jitter" {
  type    = string
  default = null
}

variable "on_drift" {
  type    = string
  default = null
}

variable "verify" {
  type    = bool
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

variable "rotate" {
  type    = map(string)
  default = null
}

resource "machineid_zenml_service_account" "test" {
  name = var.name
}

resource "machineid_zenml_rotating_api_key" "test" {
  service_account_id  = machineid_zenml_service_account.test.id
  name                = var.key_name
  description         = var.description
  rotate_after        = var.rotate_after
  overlap             = var.overlap
  rotation_jitter     = var.rotation_jitter
  rotate_when_changed = var.rotate
  on_drift            = var.on_drift
  verify              = var.verify
  verify_on_refresh   = var.verify_on_refresh
  deletion_policy     = var.deletion_policy
}
