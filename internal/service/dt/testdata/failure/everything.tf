variable "project" {
  type = string
}

variable "other_project" {
  type = string
}

variable "organization" {
  type = string
}

variable "display_name" {
  type    = string
  default = "failing"
}

variable "role" {
  type    = string
  default = "roles/project.user"
}

resource "machineid_dt_service_account" "test" {
  project      = var.project
  display_name = var.display_name
}

resource "machineid_dt_service_account_key" "test" {
  service_account = machineid_dt_service_account.test.name
}

resource "machineid_dt_project_member" "test" {
  project = var.other_project
  email   = machineid_dt_service_account.test.email
  role    = var.role
}

resource "machineid_dt_organization_member" "test" {
  organization = var.organization
  email        = machineid_dt_service_account.test.email
  role         = "roles/organization.admin"
}
