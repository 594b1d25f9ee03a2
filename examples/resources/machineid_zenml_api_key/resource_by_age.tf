resource "machineid_zenml_service_account" "reporting" {
  name = "reporting"
}

# Replaced by the first apply after 90 days, or up to a week before, so that keys that were made together are not replaced
# together. A plan says why, and its exit code tells a pipeline that there is something to do.
resource "machineid_zenml_api_key" "reporting" {
  service_account_id = machineid_zenml_service_account.reporting.id
  name               = "reporting"

  rotate_after    = "90d"
  rotation_jitter = "7d"

  # A login with each refresh finds out that the server no longer accepts the key.
  verify_on_refresh = true
}
