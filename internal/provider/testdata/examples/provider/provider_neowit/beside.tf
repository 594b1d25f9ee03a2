data "machineid_neowit_service_accounts" "all" {}
