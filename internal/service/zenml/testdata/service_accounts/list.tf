variable "prefix" {
  type = string
}

# Every filter is used at least once; each list names what it must find.
locals {
  lists = {
    all       = { filter = {}, want = ["a", "b", "c"] }
    name      = { filter = { name = ["equals:${var.prefix}-a"] }, want = ["a"] }
    plain     = { filter = { name = ["${var.prefix}-b"] }, want = ["b"] }
    both      = { filter = { name = ["endswith:-a", "startswith:${var.prefix}"] }, want = ["a"] }
    oneof     = { filter = { name = ["oneof:${jsonencode(["${var.prefix}-a", "${var.prefix}-c"])}"] }, want = ["a", "c"] }
    inactive  = { filter = { active = ["false"] }, want = ["b"] }
    described = { filter = { description = ["contains:second"] }, want = ["b"] }
    created   = { filter = { created = ["gte:2020-01-01 00:00:00"] }, want = ["a", "b", "c"] }
    updated   = { filter = { updated = ["lt:2020-01-01 00:00:00"] }, want = [] }
    external  = { filter = { external_user_id = ["equals:0b9f2c1e-4d5a-4c3b-9a8f-7e6d5c4b3a29"] }, want = [] }
    id        = { filter = { id = [machineid_zenml_service_account.test["c"].id] }, want = ["c"] }
  }
  names = { a = "first", b = "second", c = "third" }
}

resource "machineid_zenml_service_account" "test" {
  for_each    = local.names
  name        = "${var.prefix}-${each.key}"
  description = each.value
  active      = each.key != "b"
}

data "machineid_zenml_service_accounts" "test" {
  for_each = local.lists
  filter = merge(each.value.filter, {
    name = concat(try(each.value.filter.name, []), ["startswith:${var.prefix}"])
  })
  sort_by    = "name"
  depends_on = [machineid_zenml_service_account.test]
}

data "machineid_zenml_service_accounts" "either" {
  filter = {
    name = ["${var.prefix}-a", "${var.prefix}-c"]
  }
  logical_operator = "or"
  sort_by          = "desc:name"
  depends_on       = [machineid_zenml_service_account.test]
}

output "wrong" {
  value = {
    for name, list in local.lists : name => data.machineid_zenml_service_accounts.test[name].service_accounts[*].name
    if jsonencode(data.machineid_zenml_service_accounts.test[name].service_accounts[*].name) != jsonencode([for letter in list.want : "${var.prefix}-${letter}"])
  }
}

output "either" {
  value = data.machineid_zenml_service_accounts.either.service_accounts[*].description
}
