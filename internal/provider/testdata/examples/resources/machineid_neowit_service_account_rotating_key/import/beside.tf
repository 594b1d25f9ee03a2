resource "machineid_neowit_service_account_rotating_key" "occupancy" {
  service_account_id = "7pQxM3vKcT9sLwB5nZr2Yf"
  overlap            = "7d"
}
