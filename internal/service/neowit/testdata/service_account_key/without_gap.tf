variable "rotate" {
  type    = map(string)
  default = null
}

resource "machineid_neowit_service_account" "test" {
  name = "ci"
}

resource "machineid_neowit_service_account_key" "test" {
  service_account_id  = machineid_neowit_service_account.test.id
  rotate_when_changed = var.rotate

  lifecycle {
    create_before_destroy = true
  }
}
