variable "name" {
  type    = string
  default = "ci"
}

variable "description" {
  type    = string
  default = null
}

variable "rotate" {
  type    = map(string)
  default = null
}

resource "machineid_keycard_service_account" "test" {
  name = "ci"
}

resource "machineid_keycard_service_account_credential" "test" {
  service_account_id  = machineid_keycard_service_account.test.id
  name                = var.name
  description         = var.description
  rotate_when_changed = var.rotate
}
