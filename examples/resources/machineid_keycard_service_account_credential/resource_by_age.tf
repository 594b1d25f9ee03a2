resource "machineid_keycard_service_account" "gateway" {
  name = "gateway"
}

# Replaced by the first apply after 90 days, or up to a week before, so that credentials that were made together are not
# replaced together. A plan says why, and its exit code tells a pipeline that there is something to do.
resource "machineid_keycard_service_account_credential" "gateway" {
  service_account_id = machineid_keycard_service_account.gateway.id
  name               = "gateway"

  rotate_after    = "90d"
  rotation_jitter = "7d"

  # The old credential is deleted once nobody has used it for a day. Until then it stays, and each apply says so.
  keep_if_used_within = "24h"

  lifecycle {
    create_before_destroy = true
  }
}
