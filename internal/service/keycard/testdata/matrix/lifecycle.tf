variable "name" {
  type    = string
  default = "ci"
}

variable "description" {
  type    = string
  default = null
}

variable "quarter" {
  type    = string
  default = "1"
}

variable "intruders" {
  type    = number
  default = 0
}

resource "machineid_keycard_service_account" "test" {
  name        = var.name
  description = var.description
}

resource "machineid_keycard_service_account_credential" "test" {
  service_account_id  = machineid_keycard_service_account.test.id
  name                = "${var.name} ${var.quarter}"
  description         = var.description
  rotate_when_changed = { quarter = var.quarter }

  lifecycle {
    create_before_destroy = true
  }
}

data "machineid_keycard_service_account" "test" {
  id     = machineid_keycard_service_account.test.id
  expand = ["permissions"]
}

data "machineid_keycard_service_account_credentials" "test" {
  service_account_id = machineid_keycard_service_account_credential.test.service_account_id
}

# A name that may be taken, and a credential of an account that does not exist.
resource "machineid_keycard_service_account" "twin" {
  count = var.intruders
  name  = "terraform"
}

resource "machineid_keycard_service_account_credential" "stray" {
  count              = var.intruders
  service_account_id = "00000000000000000000000000"
  name               = "stray"
}
