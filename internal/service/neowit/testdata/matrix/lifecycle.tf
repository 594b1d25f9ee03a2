variable "name" {
  type    = string
  default = "ci"
}

variable "quarter" {
  type    = string
  default = "1"
}

variable "intruders" {
  type    = number
  default = 0
}

resource "machineid_neowit_service_account" "test" {
  name              = var.name
  enable_basic_auth = var.name != "ci"
}

resource "machineid_neowit_service_account_key" "test" {
  service_account_id  = machineid_neowit_service_account.test.id
  rotate_when_changed = { quarter = var.quarter }

  lifecycle {
    create_before_destroy = true
  }
}

# A name that may be taken, and a key of an account that does not exist.
resource "machineid_neowit_service_account" "twin" {
  count = var.intruders
  name  = "terraform"
}

resource "machineid_neowit_service_account_key" "stray" {
  count              = var.intruders
  service_account_id = "0000000000000000000000"
}
