resource "machineid_dt_service_account" "exporter" {
  project      = "projects/cbp0j4sd7vhg00d4q1s0"
  display_name = "climate exporter"
}

# A new key every 90 days. The one before it is accepted for a week more.
resource "machineid_dt_service_account_rotating_key" "exporter" {
  service_account = machineid_dt_service_account.exporter.name
  rotate_after    = "90d"
  overlap         = "7d"

  # A rotation at once, by a merge. It ends an older key that is still alive.
  rotate_when_changed = {
    leak = "none so far"
  }
}

# What the consumer fetches at least once a week: always the current key.
output "exporter_credentials" {
  sensitive = true
  value = jsonencode({
    keyId  = machineid_dt_service_account_rotating_key.exporter.current.id
    secret = machineid_dt_service_account_rotating_key.exporter.current.secret
    email  = machineid_dt_service_account.exporter.email
  })
}

# When the next rotation is due, for a calendar or a monitor.
output "exporter_rotation_due_at" {
  value = machineid_dt_service_account_rotating_key.exporter.rotation_due_at
}
