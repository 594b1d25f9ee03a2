data "machineid_dt_roles" "all" {}

# The roles that allow making a key.
output "roles_that_make_keys" {
  value = [
    for role in data.machineid_dt_roles.all.roles : role.name
    if contains(role.permissions, "serviceaccount.key.create")
  ]
}
