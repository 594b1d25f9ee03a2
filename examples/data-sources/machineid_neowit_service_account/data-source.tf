# An account that another team made, or that was made in the Neowit app.
data "machineid_neowit_service_account" "occupancy" {
  name = "occupancy-report"
}

resource "machineid_neowit_service_account_key" "dashboard" {
  service_account_id = data.machineid_neowit_service_account.occupancy.id
}

output "occupancy_has_basic_auth" {
  value = data.machineid_neowit_service_account.occupancy.enable_basic_auth
}
