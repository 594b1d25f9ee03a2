# Every service account of the organization, to write its configuration.
list "machineid_keycard_service_account" "all" {
  provider = machineid
  limit    = 1000
}

# Accounts of one name that are older than ninety days.
list "machineid_keycard_service_account" "zones" {
  provider = machineid

  config {
    name       = "zone-provisioning"
    older_than = "90d"
  }
}
