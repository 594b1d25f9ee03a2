data "machineid_keycard_service_account" "zones" {
  name = "zone-provisioning"
}

data "machineid_keycard_service_account_credential" "pipeline" {
  service_account_id = data.machineid_keycard_service_account.zones.id
  name               = "pipeline"
}

output "pipeline_last_used_at" {
  value = coalesce(data.machineid_keycard_service_account_credential.pipeline.last_used_at, "never")
}
