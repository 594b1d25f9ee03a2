resource "machineid_dt_project_member" "climate_export" {
  project = "projects/cbp0j6cd7vhg00d4q1tg"
  email   = "cbp12nkd7vhg00d4q1v0@cbp0j4sd7vhg00d4q1s0.serviceaccount.d21s.com"
  role    = "roles/project.user"
}
