resource "machineid_dt_service_account" "climate_export" {
  project      = "projects/cbp0j4sd7vhg00d4q1s0"
  display_name = "climate-export"
}

output "ids" {
  value = {
    "cbp12nkd7vhg00d4q1v0" = machineid_dt_service_account.climate_export.id
  }
}
