variable "project" {
  type = string
}

variable "display_name" {
  type    = string
  default = null
}

variable "enable_basic_auth" {
  type    = bool
  default = null
}

resource "machineid_dt_service_account" "test" {
  project           = var.project
  display_name      = var.display_name
  enable_basic_auth = var.enable_basic_auth
}
