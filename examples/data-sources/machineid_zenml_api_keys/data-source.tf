data "machineid_zenml_service_account" "training" {
  name = "nightly-training"
}

# The keys that the server accepts, the longest unused first.
data "machineid_zenml_api_keys" "active" {
  service_account_id = data.machineid_zenml_service_account.training.id
  filter             = { active = ["true"] }
  sort_by            = "last_login"
}

# Unused for ninety days, counted from creation for a key that was never used.
output "forgotten_keys" {
  value = [
    for key in data.machineid_zenml_api_keys.active.api_keys : key.name
    if coalesce(key.unused_days, 0) > 90
  ]
}
