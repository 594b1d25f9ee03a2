# 40 objects: in each system five accounts, each with one secret.

variable "dt_project" {
  type = string
}

variable "keycard_organization_id" {
  type = string
}

resource "machineid_zenml_service_account" "test" {
  count = 5
  name  = "killed-${count.index}"
}

resource "machineid_zenml_api_key" "test" {
  count              = 5
  service_account_id = machineid_zenml_service_account.test[count.index].id
  name               = "ci"
}

resource "machineid_dt_service_account" "test" {
  count        = 5
  project      = var.dt_project
  display_name = "killed-${count.index}"
}

resource "machineid_dt_service_account_key" "test" {
  count           = 5
  service_account = machineid_dt_service_account.test[count.index].name
}

resource "machineid_neowit_service_account" "test" {
  count = 5
  name  = "killed-${count.index}"
}

resource "machineid_neowit_service_account_key" "test" {
  count              = 5
  service_account_id = machineid_neowit_service_account.test[count.index].id
}

resource "machineid_keycard_service_account" "test" {
  count           = 5
  organization_id = var.keycard_organization_id
  name            = "killed-${count.index}"
}

resource "machineid_keycard_service_account_credential" "test" {
  count              = 5
  organization_id    = var.keycard_organization_id
  service_account_id = machineid_keycard_service_account.test[count.index].id
  name               = "ci"
}
