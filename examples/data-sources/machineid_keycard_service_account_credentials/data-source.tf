data "machineid_keycard_service_account" "zones" {
  name = "zone-provisioning"
}

data "machineid_keycard_service_account_credentials" "zones" {
  service_account_id = data.machineid_keycard_service_account.zones.id
}

# Unused for ninety days, counted from creation for a credential that was never used.
output "forgotten_credentials" {
  value = [
    for credential in data.machineid_keycard_service_account_credentials.zones.credentials : credential.name
    if coalesce(credential.unused_days, 0) > 90
  ]
}
