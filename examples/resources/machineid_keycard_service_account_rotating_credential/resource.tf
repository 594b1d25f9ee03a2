resource "machineid_keycard_service_account" "zones" {
  name = "zone-provisioning"
}

# A new credential every 90 days. The one before it is still accepted for a week, in which consumers pick up the new one.
resource "machineid_keycard_service_account_rotating_credential" "zones" {
  service_account_id = machineid_keycard_service_account.zones.id
  name               = "pipeline"
  description        = "Held by the pipeline that applies the zones."

  rotate_after = "90d"
  overlap      = "7d"
}

# Always the one to use. Two values that belong together are handed over as one text.
output "zones_environment" {
  sensitive = true
  value     = <<-EOT
    KEYCARD_CLIENT_ID=${machineid_keycard_service_account_rotating_credential.zones.current.client_id}
    KEYCARD_CLIENT_SECRET=${machineid_keycard_service_account_rotating_credential.zones.current.secret}
  EOT
}
