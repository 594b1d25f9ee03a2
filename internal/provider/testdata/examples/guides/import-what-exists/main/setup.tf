resource "machineid_keycard_service_account" "zones" {
  name = "zone-provisioning"
}

resource "machineid_keycard_service_account_credential" "zones" {
  service_account_id = machineid_keycard_service_account.zones.id
  name               = "pipeline"
}

output "ids" {
  value = { w5n8tq2zhm4rk9vc7xj3bd6pfy = machineid_keycard_service_account.zones.id }
}
