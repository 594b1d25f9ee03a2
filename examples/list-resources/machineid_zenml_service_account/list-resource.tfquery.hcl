# Every service account of the server.
list "machineid_zenml_service_account" "all" {
  provider = machineid
  limit    = 1000
}

# Accounts that may not log in, and were made more than ninety days ago.
list "machineid_zenml_service_account" "switched_off" {
  provider = machineid

  config {
    active     = false
    older_than = "90d"
  }
}
