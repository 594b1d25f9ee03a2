resource "machineid_dt_service_account" "climate_export" {
  project      = "projects/cbp0j4sd7vhg00d4q1s0"
  display_name = "climate-export"
}

# A new key every 90 days. The one before it is still accepted for a week, in which consumers pick up the new one.
resource "machineid_dt_service_account_rotating_key" "climate_export" {
  service_account = machineid_dt_service_account.climate_export.name

  rotate_after = "90d"
  overlap      = "7d"
}

# Always the one to use. The values that a login needs belong together, so they are handed over as one text.
output "climate_export_key" {
  sensitive = true
  value     = <<-EOT
    DT_SERVICE_ACCOUNT_KEY_ID=${machineid_dt_service_account_rotating_key.climate_export.current.id}
    DT_SERVICE_ACCOUNT_SECRET=${machineid_dt_service_account_rotating_key.climate_export.current.secret}
    DT_SERVICE_ACCOUNT_EMAIL=${machineid_dt_service_account.climate_export.email}
  EOT
}
