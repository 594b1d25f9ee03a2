variable "rotate" {
  type    = map(string)
  default = null
}

resource "machineid_keycard_service_account" "test" {
  name = "ci"
}

resource "machineid_keycard_service_account_credential" "test" {
  service_account_id  = machineid_keycard_service_account.test.id
  name                = "ci"
  rotate_when_changed = var.rotate

  lifecycle {
    create_before_destroy = true
  }
}
