resource "machineid_dt_organization_member" "provisioning" {
  organization = "organizations/cbp0ip4d7vhg00d4q1rg"
  email        = "cbp12nkd7vhg00d4q1v0@cbp0j4sd7vhg00d4q1s0.serviceaccount.d21s.com"
  role         = "roles/organization.admin"
}
