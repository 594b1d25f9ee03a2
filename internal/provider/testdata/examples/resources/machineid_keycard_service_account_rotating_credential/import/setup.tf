resource "machineid_keycard_service_account" "zones" {
  name = "zone-provisioning"
}

resource "machineid_keycard_service_account_credential" "zones" {
  service_account_id = machineid_keycard_service_account.zones.id
  name               = "pipeline"
}

output "ids" {
  value = {
    "w3rk8tq5nvz9hxc2mj7bpd4lfs" = machineid_keycard_service_account.zones.id
    "h6yv2pn9dkx4rqz8tmw5cj3bgl" = machineid_keycard_service_account_credential.zones.id
  }
}
