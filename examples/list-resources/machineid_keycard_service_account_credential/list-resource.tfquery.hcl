# Credentials that nobody has used for ninety days, whichever account of the organization they belong to.
list "machineid_keycard_service_account_credential" "idle" {
  provider = machineid
  limit    = 1000

  config {
    unused_for = "90d"
  }
}

# The credentials of one account, with what their resources would hold.
list "machineid_keycard_service_account_credential" "zones" {
  provider         = machineid
  include_resource = true

  config {
    service_account_id = "w5n8tq2zhm4rk9vc7xj3bd6pfy"
  }
}
