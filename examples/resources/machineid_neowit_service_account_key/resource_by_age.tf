resource "machineid_neowit_service_account" "gateway" {
  name = "gateway"
}

# Replaced by the first apply after 90 days, or up to a week before, so that keys that were made together are not replaced
# together. A plan says why, and its exit code tells a pipeline that there is something to do.
resource "machineid_neowit_service_account_key" "gateway" {
  service_account_id = machineid_neowit_service_account.gateway.id

  rotate_after    = "90d"
  rotation_jitter = "7d"

  # Each refresh logs in with the key. One that the server refuses is replaced, too.
  verify_on_refresh = true

  lifecycle {
    create_before_destroy = true
  }
}
