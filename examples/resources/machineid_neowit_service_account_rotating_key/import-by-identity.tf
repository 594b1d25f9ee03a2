import {
  to = machineid_neowit_service_account_rotating_key.occupancy
  identity = {
    service_account_id = "7pQxM3vKcT9sLwB5nZr2Yf"
    key_id             = "2dJhX6gRtN8mVkC4wPb9Qs"
  }
}
