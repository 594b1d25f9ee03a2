resource "machineid_neowit_service_account" "occupancy" {
  name = "occupancy-report"
}
