resource "machineid_keycard_service_account" "zones" {
  name = "zone-provisioning"
}

resource "machineid_keycard_service_account_credential" "zones" {
  service_account_id = machineid_keycard_service_account.zones.id
  name               = "pipeline"
}

data "machineid_keycard_service_accounts" "all" {
  # Read after an apply's changes, so that what was just replaced is not reported.
  depends_on = [machineid_keycard_service_account.zones]
}

data "machineid_keycard_service_account_credentials" "zones" {
  service_account_id = machineid_keycard_service_account.zones.id
  depends_on         = [machineid_keycard_service_account_credential.zones]
}

locals {
  # Accounts that are managed elsewhere, such as the one that this provider logs in with.
  known_accounts   = ["terraform"]
  managed_accounts = [machineid_keycard_service_account.zones.id]
  unmanaged_accounts = [
    for a in data.machineid_keycard_service_accounts.all.service_accounts : "${a.name} (${a.id}, ${coalesce(a.age_days, "?")} days old)"
    if !contains(local.managed_accounts, a.id) && !contains(local.known_accounts, a.name)
  ]

  credentials = data.machineid_keycard_service_account_credentials.zones.credentials
  managed     = [machineid_keycard_service_account_credential.zones.id]
  unmanaged   = [for c in local.credentials : "${c.name} (${c.id}, ${coalesce(c.age_days, "?")} days old)" if !contains(local.managed, c.id)]
  # What the system does not tell the use of counts as used.
  stale = [for c in local.credentials : "${c.name} (${c.id}, unused for ${c.unused_days} days)" if coalesce(c.unused_days, 0) > 90]
}

check "no_unmanaged_accounts" {
  assert {
    condition     = length(local.unmanaged_accounts) == 0
    error_message = "Accounts not made by this configuration: ${join(", ", local.unmanaged_accounts)}. Import or delete them, or name them as known."
  }
}

check "no_unmanaged_credentials" {
  assert {
    condition     = length(local.unmanaged) == 0
    error_message = "Not made by this configuration: ${join(", ", local.unmanaged)}. Import or delete them."
  }
}

check "no_stale_credentials" {
  assert {
    condition     = length(local.stale) == 0
    error_message = "Nobody seems to need: ${join(", ", local.stale)}."
  }
}
