data "machineid_keycard_service_account" "zones" {
  name = "zone-provisioning"
}

data "machineid_keycard_service_account_credential" "pipeline" {
  service_account_id = data.machineid_keycard_service_account.zones.id
  name               = "pipeline"
}

# Warns at plan and apply, and stops neither.
check "pipeline_is_in_use" {
  assert {
    condition     = coalesce(data.machineid_keycard_service_account_credential.pipeline.unused_days, 0) <= 90
    error_message = "Nobody has used the pipeline's credential for ninety days."
  }
}
