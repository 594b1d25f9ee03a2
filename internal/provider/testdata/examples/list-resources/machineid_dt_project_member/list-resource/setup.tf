resource "machineid_dt_service_account" "climate_export" {
  project      = "projects/cbp0j4sd7vhg00d4q1s0"
  display_name = "climate-export"
}

resource "machineid_dt_project_member" "climate_export" {
  project = "projects/cbp0j6cd7vhg00d4q1tg"
  email   = machineid_dt_service_account.climate_export.email
  role    = "roles/project.user"
}

resource "machineid_dt_project_member" "invited" {
  project = "projects/cbp0j6cd7vhg00d4q1tg"
  email   = "facility.manager@example.com"
  role    = "roles/project.user"
}
