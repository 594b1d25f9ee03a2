# Service accounts that have a role in the whole organization, for more than ninety days already.
list "machineid_dt_organization_member" "accounts" {
  provider = machineid

  config {
    organization = "organizations/cbp0ip4d7vhg00d4q1rg"
    account_type = "SERVICE_ACCOUNT"
    older_than   = "90d"
  }
}
