resource "machineid_dt_service_account" "exporter" {
  project      = "projects/cbp0j4sd7vhg00d4q1s0"
  display_name = "climate exporter"
}

resource "machineid_dt_service_account_rotating_key" "exporter" {
  service_account = machineid_dt_service_account.exporter.name
  rotate_after    = "90d"
  overlap         = "7d"
}
