resource "machineid_neowit_service_account" "occupancy" {
  name = "occupancy-report"
}

# A new key every 90 days. The one before it is still accepted for a week, in which consumers pick up the new one.
resource "machineid_neowit_service_account_rotating_key" "occupancy" {
  service_account_id = machineid_neowit_service_account.occupancy.id

  rotate_after = "90d"
  overlap      = "7d"
}

# Always the key to use. A login needs three values that belong together. Handed over as one text, they cannot be mixed up.
output "occupancy_credentials" {
  sensitive = true
  value = jsonencode({
    service_account_id = machineid_neowit_service_account.occupancy.id
    key_id             = machineid_neowit_service_account_rotating_key.occupancy.current.id
    secret             = machineid_neowit_service_account_rotating_key.occupancy.current.secret
  })
}
