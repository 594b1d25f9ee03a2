resource "machineid_neowit_service_account" "occupancy" {
  name = "occupancy-report"
}

resource "machineid_neowit_service_account_key" "occupancy" {
  service_account_id = machineid_neowit_service_account.occupancy.id

  # Rotation by a merge: whoever changes a value here gets a new key with the next apply. The old one is deleted.
  rotate_when_changed = {
    quarter = "2026-Q4"
    reason  = "planned"
  }
}

# A login needs three values that belong together. Handed over as one text, they cannot be mixed up in a rotation.
# Terraform prints "(sensitive value)"; `terraform output -raw occupancy_credentials` gives the text to the next program
# in a pipe, so that it never stands on a screen or in a log.
output "occupancy_credentials" {
  sensitive = true
  value = jsonencode({
    service_account_id = machineid_neowit_service_account.occupancy.id
    key_id             = machineid_neowit_service_account_key.occupancy.key_id
    secret             = machineid_neowit_service_account_key.occupancy.secret
  })
}
