resource "machineid_zenml_service_account" "settled" {
  name = "pipeline-ingest"
}

resource "machineid_zenml_service_account" "inactive" {
  name   = "evaluation"
  active = false
}
