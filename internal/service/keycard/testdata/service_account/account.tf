variable "name" {
  type = string
}

variable "description" {
  type    = string
  default = null
}

variable "organization_id" {
  type    = string
  default = null
}

resource "machineid_keycard_service_account" "test" {
  name            = var.name
  description     = var.description
  organization_id = var.organization_id
}
