resource "machineid_keycard_service_account" "gateway" {
  name = "gateway"
}

# The new credential is made, whatever depends on it is updated, and only then is the old one deleted.
resource "machineid_keycard_service_account_credential" "gateway" {
  service_account_id = machineid_keycard_service_account.gateway.id
  name               = "gateway"

  rotate_when_changed = {
    quarter = "2026-Q4"
  }

  lifecycle {
    create_before_destroy = true
  }
}

# For a consumer that takes its new credential later than this apply: both are valid until the older quarter is taken out
# of the list.
resource "machineid_keycard_service_account_credential" "mirror" {
  for_each = toset(["2026-Q3", "2026-Q4"])

  service_account_id = machineid_keycard_service_account.gateway.id
  name               = "mirror ${each.key}"
}
