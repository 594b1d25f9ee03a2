resource "machineid_dt_service_account" "provisioning" {
  project      = "projects/cbp0j4sd7vhg00d4q1s0"
  display_name = "provisioning"
}

# Administers the organization and every project of it. Give it to what makes projects; for all else, a role in the
# projects concerned is enough.
resource "machineid_dt_organization_member" "provisioning" {
  organization = "organizations/cbp0ip4d7vhg00d4q1rg"
  email        = machineid_dt_service_account.provisioning.email
  role         = "roles/organization.admin"
}
