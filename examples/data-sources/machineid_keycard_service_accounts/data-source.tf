data "machineid_keycard_service_accounts" "all" {}

# Names need not be unique. These are used more than once.
output "ambiguous_names" {
  value = distinct([
    for account in data.machineid_keycard_service_accounts.all.service_accounts : account.name
    if length([for other in data.machineid_keycard_service_accounts.all.service_accounts : other if other.name == account.name]) > 1
  ])
}
