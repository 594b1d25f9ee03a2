resource "machineid_dt_service_account" "climate_export" {
  project      = "projects/cbp0j4sd7vhg00d4q1s0"
  display_name = "climate-export"
}

resource "machineid_dt_project_member" "climate_export" {
  project = "projects/cbp0j6cd7vhg00d4q1tg"
  email   = machineid_dt_service_account.climate_export.email
  role    = "roles/project.user"
}

output "ids" {
  value = {
    "cbp12nkd7vhg00d4q1v0" = machineid_dt_service_account.climate_export.id
  }
}
