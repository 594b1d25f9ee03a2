resource "machineid_neowit_service_account" "occupancy" {
  name = "occupancy-report"
}

# For a tool that cannot fetch tokens: it sends key id and secret with each request.
resource "machineid_neowit_service_account" "signage" {
  name              = "signage"
  enable_basic_auth = true
}
