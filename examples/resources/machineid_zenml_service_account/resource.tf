resource "machineid_zenml_service_account" "training" {
  name        = "nightly-training"
  full_name   = "Nightly training"
  description = "Runs the training pipelines at night. Owner: ML platform team."
}

# One account for each pipeline, so that each can be stopped alone.
resource "machineid_zenml_service_account" "pipeline" {
  for_each = toset(["ingest", "features", "deploy"])

  name        = "pipeline-${each.key}"
  description = "Held by the ${each.key} pipeline."
}

# On hold: the account stays with all it owns, but every login with any of its keys is refused.
resource "machineid_zenml_service_account" "evaluation" {
  name   = "evaluation"
  active = false
}
