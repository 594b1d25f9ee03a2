resource "machineid_dt_service_account" "climate_export" {
  project      = "projects/cbp0j4sd7vhg00d4q1s0"
  display_name = "climate-export"
}

resource "machineid_dt_service_account_key" "climate_export" {
  service_account = machineid_dt_service_account.climate_export.name

  # Rotation by a merge: whoever changes a value here gets a new key with the next apply. The old one is deleted.
  rotate_when_changed = {
    quarter = "2026-Q4"
    reason  = "planned"
  }
}

# Terraform prints "(sensitive value)". `terraform output -raw climate_export_secret` gives the secret to the next
# program in a pipe, so that it never stands on a screen or in a log.
output "climate_export_secret" {
  value     = machineid_dt_service_account_key.climate_export.secret
  sensitive = true
}
