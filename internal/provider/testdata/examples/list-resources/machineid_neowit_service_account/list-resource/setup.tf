resource "machineid_neowit_service_account" "occupancy" {
  name = "occupancy-report"
}

resource "machineid_neowit_service_account_key" "occupancy" {
  service_account_id = machineid_neowit_service_account.occupancy.id
}
