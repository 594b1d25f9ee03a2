# Every service account that the project owns.
list "machineid_dt_service_account" "all" {
  provider = machineid
  limit    = 1000

  config {
    project = "projects/cbp0j4sd7vhg00d4q1s0"
  }
}

# Accounts of one name that are older than ninety days.
list "machineid_dt_service_account" "notebook" {
  provider = machineid

  config {
    project      = "projects/cbp0j4sd7vhg00d4q1s0"
    display_name = "notebook"
    older_than   = "90d"
  }
}
