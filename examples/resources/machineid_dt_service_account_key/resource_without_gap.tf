resource "machineid_dt_service_account" "gateway" {
  project      = "projects/cbp0j4sd7vhg00d4q1s0"
  display_name = "gateway"
}

# The new key is made, whatever depends on it is updated, and only then is the old one deleted. An account may have ten
# keys: leave room for as many as are replaced in one apply.
resource "machineid_dt_service_account_key" "gateway" {
  service_account = machineid_dt_service_account.gateway.name

  rotate_when_changed = {
    quarter = "2026-Q4"
  }

  lifecycle {
    create_before_destroy = true
  }
}

# For a consumer that takes its new key later than this apply: both keys are valid until the older quarter is taken out
# of the list.
resource "machineid_dt_service_account_key" "field_device" {
  for_each = toset(["2026-Q3", "2026-Q4"])

  service_account = machineid_dt_service_account.gateway.name
}
