# Keys that are older than ninety days, of every service account of the organization.
list "machineid_neowit_service_account_key" "old" {
  provider = machineid
  limit    = 1000

  config {
    older_than = "90d"
  }
}
