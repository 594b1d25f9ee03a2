resource "machineid_keycard_service_account" "zones" {
  name        = "zone-provisioning"
  description = "Runs Terraform for the zones of the web team."
}
