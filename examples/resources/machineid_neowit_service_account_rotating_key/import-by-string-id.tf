import {
  to = machineid_neowit_service_account_rotating_key.occupancy
  id = "7pQxM3vKcT9sLwB5nZr2Yf/2dJhX6gRtN8mVkC4wPb9Qs"
}
