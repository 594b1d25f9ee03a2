variable "project" {
  type = string
}

variable "organization" {
  type = string
}

variable "account" {
  type = string
}

variable "email" {
  type = string
}

data "machineid_dt_service_account" "by_id" {
  project = var.project
  id      = reverse(split("/", var.account))[0]
}

data "machineid_dt_service_account" "by_email" {
  project = trimprefix(var.project, "projects/")
  email   = upper(var.email)
}

data "machineid_dt_service_account" "by_display_name" {
  project      = var.project
  display_name = "looked up"
}

data "machineid_dt_service_accounts" "test" {
  project = var.project
}

data "machineid_dt_service_account_keys" "test" {
  service_account = var.account
}

data "machineid_dt_project_members" "test" {
  project = var.project
}

data "machineid_dt_organization_members" "test" {
  organization = var.organization
}

data "machineid_dt_roles" "test" {}
