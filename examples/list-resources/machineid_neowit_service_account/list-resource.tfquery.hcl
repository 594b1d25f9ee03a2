# Every service account of the organization.
list "machineid_neowit_service_account" "all" {
  provider = machineid
  limit    = 1000
}

# One that is older than ninety days.
list "machineid_neowit_service_account" "occupancy" {
  provider = machineid

  config {
    name       = "occupancy-report"
    older_than = "90d"
  }
}
