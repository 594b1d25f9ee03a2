resource "machineid_neowit_service_account" "occupancy" {
  name = "occupancy-report"
}

resource "machineid_neowit_service_account_key" "occupancy" {
  service_account_id = machineid_neowit_service_account.occupancy.id
}

output "ids" {
  value = {
    "7pQxM3vKcT9sLwB5nZr2Yf" = machineid_neowit_service_account.occupancy.id
    "2dJhX6gRtN8mVkC4wPb9Qs" = machineid_neowit_service_account_key.occupancy.key_id
  }
}
