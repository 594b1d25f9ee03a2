variable "project" {
  type = string
}

variable "rotate" {
  type    = map(string)
  default = null
}

resource "machineid_dt_service_account" "test" {
  project = var.project
}

resource "machineid_dt_service_account_key" "test" {
  service_account     = machineid_dt_service_account.test.name
  rotate_when_changed = var.rotate

  lifecycle {
    create_before_destroy = true
  }
}
