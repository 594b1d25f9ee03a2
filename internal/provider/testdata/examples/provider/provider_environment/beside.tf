data "machineid_zenml_service_accounts" "all" {}
