variable "organization" {
  type = string
}

variable "email" {
  type = string
}

resource "machineid_dt_organization_member" "test" {
  organization = var.organization
  email        = var.email
  role         = "roles/organization.admin"
}
