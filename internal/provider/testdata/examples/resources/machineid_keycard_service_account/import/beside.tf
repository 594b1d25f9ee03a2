resource "machineid_keycard_service_account" "zones" {
  name        = "zone-provisioning"
  description = "Made by hand."
}
