variable "fail_on_findings" {
  type        = bool
  default     = false
  description = "Whether a finding fails the plan, as in the pipeline, or only warns."
}

resource "machineid_keycard_service_account" "zones" {
  name = "zone-provisioning"
}

resource "machineid_keycard_service_account_credential" "zones" {
  service_account_id = machineid_keycard_service_account.zones.id
  name               = "pipeline"
}

data "machineid_keycard_service_account_credentials" "zones" {
  service_account_id = machineid_keycard_service_account.zones.id
  depends_on         = [machineid_keycard_service_account_credential.zones]
}

locals {
  credentials = data.machineid_keycard_service_account_credentials.zones.credentials
  managed     = [machineid_keycard_service_account_credential.zones.id]

  unmanaged = [for c in local.credentials : "${c.name} (${c.id}, ${c.age_days} days old)" if !contains(local.managed, c.id)]
  # What the system does not tell the use of counts as used.
  stale = [for c in local.credentials : "${c.name} (${c.id}, unused for ${c.unused_days} days)" if coalesce(c.unused_days, 0) > 90]
}

# Each plan and apply warns.
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

# The pipeline fails.
output "audited" {
  value = "zone-provisioning"

  precondition {
    condition     = !var.fail_on_findings || length(local.unmanaged) + length(local.stale) == 0
    error_message = "Unmanaged: ${join(", ", local.unmanaged)}. Stale: ${join(", ", local.stale)}."
  }
}
