resource "machineid_keycard_service_account" "zones" {
  name        = "zone-provisioning"
  description = "Made by hand."
}

output "ids" {
  value = {
    "w3rk8tq5nvz9hxc2mj7bpd4lfs" = machineid_keycard_service_account.zones.id
  }
}
