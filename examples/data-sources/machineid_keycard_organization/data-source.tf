# The organization that the provider's credential belongs to.
data "machineid_keycard_organization" "own" {
  expand = ["permissions"]
}

output "organization" {
  value = "${data.machineid_keycard_organization.own.name} (${data.machineid_keycard_organization.own.label})"
}

# What the provider's own credential may do with the organization.
output "may_change_the_organization" {
  value = try(data.machineid_keycard_organization.own.permissions.organizations.update, false)
}
