# The usual whole: an account, the key that it logs in with, and its roles. A new account may do nothing, not even in
# the project that owns it.

resource "machineid_dt_service_account" "dashboard" {
  project      = "projects/cbp0j4sd7vhg00d4q1s0"
  display_name = "dashboard"
}

resource "machineid_dt_service_account_key" "dashboard" {
  service_account = machineid_dt_service_account.dashboard.name

  rotate_when_changed = {
    quarter = "2026-Q4"
  }

  lifecycle {
    create_before_destroy = true
  }
}

# Its own project and another one.
resource "machineid_dt_project_member" "dashboard" {
  for_each = {
    "projects/cbp0j4sd7vhg00d4q1s0" = "roles/project.developer"
    "projects/cbp0j6cd7vhg00d4q1tg" = "roles/project.user"
  }

  project = each.key
  email   = machineid_dt_service_account.dashboard.email
  role    = each.value
}

# What a login needs: the key's id and secret, and the account's e-mail address.
output "dashboard_key_id" {
  value = machineid_dt_service_account_key.dashboard.id
}

output "dashboard_secret" {
  value     = machineid_dt_service_account_key.dashboard.secret
  sensitive = true
}

output "dashboard_email" {
  value = machineid_dt_service_account.dashboard.email
}
