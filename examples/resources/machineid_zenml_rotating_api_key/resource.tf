resource "machineid_zenml_service_account" "training" {
  name = "nightly-training"
}

# A new value every 90 days. The key stays, and the value before it is still accepted for a week, in which consumers pick
# up the new one. ZenML ends it by itself.
resource "machineid_zenml_rotating_api_key" "scheduler" {
  service_account_id = machineid_zenml_service_account.training.id
  name               = "scheduler"
  description        = "Held by the scheduler."

  rotate_after = "90d"
  overlap      = "7d"
}

# Always the one to use.
output "scheduler_key" {
  value     = machineid_zenml_rotating_api_key.scheduler.current.secret
  sensitive = true
}
