# One object of each type.

variable "dt_project" {
  type = string
}

variable "dt_organization" {
  type = string
}

variable "keycard_organization_id" {
  type = string
}

resource "machineid_zenml_service_account" "test" {
  name = "upgraded"
}

resource "machineid_zenml_api_key" "test" {
  service_account_id = machineid_zenml_service_account.test.id
  name               = "plain"
}

resource "machineid_zenml_rotating_api_key" "test" {
  service_account_id = machineid_zenml_service_account.test.id
  name               = "rotating"
  overlap            = "7d"
}

resource "machineid_dt_service_account" "test" {
  project = var.dt_project
}

resource "machineid_dt_service_account_key" "test" {
  service_account = machineid_dt_service_account.test.name
}

resource "machineid_dt_service_account_rotating_key" "test" {
  service_account = machineid_dt_service_account.test.name
  overlap         = "7d"
}

resource "machineid_dt_project_member" "test" {
  project = var.dt_project
  email   = "upgraded@example.com"
  role    = "roles/project.user"
}

resource "machineid_dt_organization_member" "test" {
  organization = var.dt_organization
  email        = "upgraded.too@example.com"
  role         = "roles/organization.admin"
}

resource "machineid_neowit_service_account" "test" {
  name = "upgraded"
}

resource "machineid_neowit_service_account_key" "test" {
  service_account_id = machineid_neowit_service_account.test.id
}

resource "machineid_neowit_service_account_rotating_key" "test" {
  service_account_id = machineid_neowit_service_account.test.id
  overlap            = "7d"
}

resource "machineid_keycard_service_account" "test" {
  organization_id = var.keycard_organization_id
  name            = "upgraded"
}

resource "machineid_keycard_service_account_credential" "test" {
  organization_id    = var.keycard_organization_id
  service_account_id = machineid_keycard_service_account.test.id
  name               = "plain"
}

resource "machineid_keycard_service_account_rotating_credential" "test" {
  organization_id    = var.keycard_organization_id
  service_account_id = machineid_keycard_service_account.test.id
  name               = "rotating"
  overlap            = "7d"
}
