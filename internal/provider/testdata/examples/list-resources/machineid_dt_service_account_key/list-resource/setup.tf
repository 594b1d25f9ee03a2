resource "machineid_dt_service_account" "climate_export" {
  project      = "projects/cbp0j4sd7vhg00d4q1s0"
  display_name = "climate-export"
}

resource "machineid_dt_service_account_key" "climate_export" {
  service_account = machineid_dt_service_account.climate_export.name
}

output "ids" {
  value = { cbp12nkd7vhg00d4q1v0 = machineid_dt_service_account.climate_export.id }
}
