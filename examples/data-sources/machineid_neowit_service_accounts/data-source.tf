data "machineid_neowit_service_accounts" "all" {}

# Keys do not expire by themselves. These were made more than ninety days ago.
output "keys_to_rotate" {
  value = flatten([
    for account in data.machineid_neowit_service_accounts.all.service_accounts : [
      for key in account.keys : "${account.name}: ${key.key_id}"
      if coalesce(key.age_days, 0) > 90
    ]
  ])
}
