resource "machineid_keycard_service_account" "zones" {
  name = "zone-provisioning"
}

resource "machineid_keycard_service_account_credential" "zones" {
  service_account_id = machineid_keycard_service_account.zones.id
  name               = "pipeline"
  description        = "Held by the pipeline that applies the zones."

  # Rotation by a merge: whoever changes a value here gets a new credential with the next apply. The old one is deleted.
  rotate_when_changed = {
    quarter = "2026-Q4"
    reason  = "planned"
  }
}
