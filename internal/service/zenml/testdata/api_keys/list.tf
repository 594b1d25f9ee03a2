variable "name" {
  type = string
}

resource "machineid_zenml_service_account" "test" {
  name = var.name
}

resource "machineid_zenml_api_key" "test" {
  service_account_id = machineid_zenml_service_account.test.id
  name               = "ci"
  description        = "looked up"
}

resource "machineid_zenml_api_key" "spare" {
  service_account_id = machineid_zenml_service_account.test.id
  name               = "spare"
  active             = false
}

# Every filter is used at least once; each list names what it must find.
locals {
  lists = {
    all          = { filter = {}, want = ["ci", "spare"] }
    name         = { filter = { name = ["equals:ci"] }, want = ["ci"] }
    inactive     = { filter = { active = ["false"] }, want = ["spare"] }
    described    = { filter = { description = ["contains:looked"] }, want = ["ci"] }
    created      = { filter = { created = ["gte:2020-01-01 00:00:00", "lt:2020-01-02 00:00:00"] }, want = [] }
    updated      = { filter = { updated = ["gte:2020-01-01 00:00:00"] }, want = ["ci", "spare"] }
    used         = { filter = { last_login = ["gte:2020-01-01 00:00:00"] }, want = [] }
    last_rotated = { filter = { last_rotated = ["gte:2020-01-01 00:00:00"] }, want = [] }
    id           = { filter = { id = [machineid_zenml_api_key.spare.id] }, want = ["spare"] }
  }
}

data "machineid_zenml_api_keys" "test" {
  for_each           = local.lists
  service_account_id = machineid_zenml_service_account.test.id
  filter             = each.value.filter
  sort_by            = "asc:name"
  depends_on         = [machineid_zenml_api_key.test, machineid_zenml_api_key.spare]
}

output "wrong" {
  value = {
    for name, list in local.lists : name => data.machineid_zenml_api_keys.test[name].api_keys[*].name
    if jsonencode(data.machineid_zenml_api_keys.test[name].api_keys[*].name) != jsonencode(list.want)
  }
}
