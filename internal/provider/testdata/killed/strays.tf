# All that is there, with its moment of creation, by id: also what belongs to accounts that the state does not know.

data "machineid_zenml_service_accounts" "all" {}

data "machineid_zenml_api_keys" "all" {
  for_each           = toset(data.machineid_zenml_service_accounts.all.service_accounts[*].id)
  service_account_id = each.value
}

data "machineid_dt_service_accounts" "all" {
  project = var.dt_project
}

data "machineid_dt_service_account_keys" "all" {
  for_each        = toset(data.machineid_dt_service_accounts.all.service_accounts[*].name)
  service_account = each.value
}

data "machineid_neowit_service_accounts" "all" {}

data "machineid_keycard_service_accounts" "all" {
  organization_id = var.keycard_organization_id
}

data "machineid_keycard_service_account_credentials" "all" {
  for_each           = toset(data.machineid_keycard_service_accounts.all.service_accounts[*].id)
  organization_id    = var.keycard_organization_id
  service_account_id = each.value
}

output "created" {
  value = merge(
    { for o in data.machineid_zenml_service_accounts.all.service_accounts : o.id => o.created },
    { for o in flatten(values(data.machineid_zenml_api_keys.all)[*].api_keys) : o.id => o.created },
    { for o in data.machineid_dt_service_accounts.all.service_accounts : o.id => o.create_time },
    { for o in flatten(values(data.machineid_dt_service_account_keys.all)[*].keys) : o.id => o.create_time },
    { for o in data.machineid_neowit_service_accounts.all.service_accounts : o.id => o.created },
    { for o in flatten(data.machineid_neowit_service_accounts.all.service_accounts[*].keys) : o.key_id => o.created },
    { for o in data.machineid_keycard_service_accounts.all.service_accounts : o.id => o.created_at },
    { for o in flatten(values(data.machineid_keycard_service_account_credentials.all)[*].credentials) : o.id => o.created_at },
  )
}
