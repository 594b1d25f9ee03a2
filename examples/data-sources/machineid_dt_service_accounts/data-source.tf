# Every account that the project owns, from every page.
data "machineid_dt_service_accounts" "all" {
  project = "projects/cbp0j4sd7vhg00d4q1s0"
}

output "accounts_with_basic_auth" {
  value = [
    for account in data.machineid_dt_service_accounts.all.service_accounts : account.email
    if account.enable_basic_auth
  ]
}
