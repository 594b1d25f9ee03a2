# Keys that are older than ninety days, of every service account of the project.
list "machineid_dt_service_account_key" "old" {
  provider = machineid
  limit    = 1000

  config {
    project    = "projects/cbp0j4sd7vhg00d4q1s0"
    older_than = "90d"
  }
}

# The keys of one account.
list "machineid_dt_service_account_key" "climate_export" {
  provider = machineid

  config {
    service_account = "projects/cbp0j4sd7vhg00d4q1s0/serviceaccounts/cbp12nkd7vhg00d4q1v0"
  }
}
