# An account that another team made, or that was made in the console.
data "machineid_keycard_service_account" "zones" {
  name = "zone-provisioning"
}

resource "machineid_keycard_service_account_credential" "migration" {
  service_account_id = data.machineid_keycard_service_account.zones.id
  name               = "migration"
}
