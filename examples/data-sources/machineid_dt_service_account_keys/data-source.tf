data "machineid_dt_service_account" "climate_export" {
  project      = "projects/cbp0j4sd7vhg00d4q1s0"
  display_name = "climate-export"
}

data "machineid_dt_service_account_keys" "climate_export" {
  service_account = data.machineid_dt_service_account.climate_export.name
}

# Keys do not expire by themselves. These were made more than ninety days ago.
output "keys_to_rotate" {
  value = [
    for key in data.machineid_dt_service_account_keys.climate_export.keys : key.id
    if coalesce(key.age_days, 0) > 90
  ]
}
