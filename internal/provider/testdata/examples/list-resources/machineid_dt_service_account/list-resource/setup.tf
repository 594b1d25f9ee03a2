resource "machineid_dt_service_account" "notebook" {
  project           = "projects/cbp0j4sd7vhg00d4q1s0"
  display_name      = "notebook"
  enable_basic_auth = true
}
