resource "machineid_keycard_service_account" "zones" {
  name = "zone-provisioning"
}
