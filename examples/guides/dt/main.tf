terraform {
  required_providers {
    machineid = {
      source = "machineid/machineid"
    }
  }
}

# The way in is in the environment.
provider "machineid" {}

# The project's id is in the address of its page in DT Studio.
resource "machineid_dt_service_account" "first" {
  project      = "projects/cbp0j4sd7vhg00d4q1s0"
  display_name = "first"
}

# Without a role the account may do nothing.
resource "machineid_dt_project_member" "first" {
  project = machineid_dt_service_account.first.project
  email   = machineid_dt_service_account.first.email
  role    = "roles/project.user"
}

resource "machineid_dt_service_account_key" "first" {
  service_account = machineid_dt_service_account.first.name
  rotate_after    = "90d"
}

output "email" {
  value = machineid_dt_service_account.first.email
}

output "key_id" {
  value = machineid_dt_service_account_key.first.id
}

output "secret" {
  value     = machineid_dt_service_account_key.first.secret
  sensitive = true
}
