resource "machineid_keycard_service_account" "zones" {
  name = "zone-provisioning"
}

resource "machineid_keycard_service_account" "namesake" {
  name = "zone-provisioning"
}
