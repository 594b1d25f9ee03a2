resource "machineid_dt_service_account" "climate_import" {
  project      = "projects/cbp0j4sd7vhg00d4q1s0"
  display_name = "climate-import"
}

# The stray.
resource "machineid_dt_service_account_key" "climate_import" {
  service_account = machineid_dt_service_account.climate_import.name
}
