resource "machineid_dt_service_account" "climate_export" {
  project      = "projects/cbp0j4sd7vhg00d4q1s0"
  display_name = "climate-export"
}

# For a tool that cannot fetch tokens: it sends key id and secret with each request. The vendor advises against it in
# production. The project's bare id means the same as its full name.
resource "machineid_dt_service_account" "notebook" {
  project           = "cbp0j4sd7vhg00d4q1s0"
  display_name      = "notebook"
  enable_basic_auth = true
}
