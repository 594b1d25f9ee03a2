resource "machineid_neowit_service_account" "gateway" {
  name = "gateway"
}

# The new key is made, whatever depends on it is updated, and only then is the old one deleted.
resource "machineid_neowit_service_account_key" "gateway" {
  service_account_id = machineid_neowit_service_account.gateway.id

  rotate_when_changed = {
    quarter = "2026-Q4"
  }

  lifecycle {
    create_before_destroy = true
  }
}

# For a consumer that takes its new key later than this apply: both keys are valid until the older quarter is taken out
# of the list.
resource "machineid_neowit_service_account_key" "display" {
  for_each = toset(["2026-Q3", "2026-Q4"])

  service_account_id = machineid_neowit_service_account.gateway.id
}
