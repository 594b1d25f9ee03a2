# Every account of the server, from every page.
data "machineid_zenml_service_accounts" "all" {}

# Active accounts of pipelines that were made more than ninety days ago, newest first.
data "machineid_zenml_service_accounts" "settled_pipelines" {
  filter = {
    name    = ["startswith:pipeline-"]
    active  = ["true"]
    created = ["lt:${formatdate("YYYY-MM-DD hh:mm:ss", timeadd(plantimestamp(), "-2160h"))}"]
  }
  sort_by = "desc:created"
}

output "inactive_accounts" {
  value = [for account in data.machineid_zenml_service_accounts.all.service_accounts : account.name if !account.active]
}

output "settled_pipelines" {
  value = data.machineid_zenml_service_accounts.settled_pipelines.service_accounts[*].name
}
