variable "name" {
  type = string
}

variable "enable_basic_auth" {
  type    = bool
  default = null
}

variable "org_id" {
  type    = string
  default = null
}

resource "machineid_neowit_service_account" "test" {
  name              = var.name
  enable_basic_auth = var.enable_basic_auth
  org_id            = var.org_id
}
