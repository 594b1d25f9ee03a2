# After an apply that was killed: the keys of an account that the state does not know, and when they were made. Whose
# moment is that of the apply is the lost one. Delete it in DT Studio.
data "machineid_dt_service_account" "climate_import" {
  project      = "projects/cbp0j4sd7vhg00d4q1s0"
  display_name = "climate-import"
}

resource "machineid_dt_service_account_key" "climate_import" {
  service_account = data.machineid_dt_service_account.climate_import.name
}

data "machineid_dt_service_account_keys" "climate_import" {
  service_account = data.machineid_dt_service_account.climate_import.name

  # Read when the key of this configuration is there, so that it is known as no stray.
  depends_on = [machineid_dt_service_account_key.climate_import]
}

output "strays" {
  value = {
    for key in data.machineid_dt_service_account_keys.climate_import.keys : key.id => key.create_time
    if key.id != machineid_dt_service_account_key.climate_import.id
  }
}
