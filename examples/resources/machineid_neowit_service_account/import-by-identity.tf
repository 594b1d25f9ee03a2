import {
  to = machineid_neowit_service_account.occupancy
  identity = {
    id = "7pQxM3vKcT9sLwB5nZr2Yf"
  }
}
