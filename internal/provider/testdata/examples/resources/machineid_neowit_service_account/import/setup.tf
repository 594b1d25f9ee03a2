resource "machineid_neowit_service_account" "occupancy" {
  name = "occupancy-report"
}

output "ids" {
  value = {
    "7pQxM3vKcT9sLwB5nZr2Yf" = machineid_neowit_service_account.occupancy.id
  }
}
