resource "machineid_dt_service_account" "report" {
  project      = "projects/cbp0j4sd7vhg00d4q1s0"
  display_name = "report"
}

# Replaced by the first apply after 90 days, or up to a week before, so that keys that were made together are not replaced
# together. A plan says why, and its exit code tells a pipeline that there is something to do.
resource "machineid_dt_service_account_key" "report" {
  service_account = machineid_dt_service_account.report.name

  rotate_after    = "90d"
  rotation_jitter = "7d"

  # Each refresh logs in with the key. If somebody has made it useless, the plan replaces it and says so.
  verify_on_refresh = true
  on_drift          = "repair"

  lifecycle {
    create_before_destroy = true
  }
}
