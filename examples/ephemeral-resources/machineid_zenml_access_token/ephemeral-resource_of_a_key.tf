resource "machineid_zenml_service_account" "report" {
  name = "report"
}

# Made when an apply comes to it, and revoked as soon as nothing in the apply needs it any more.
ephemeral "machineid_zenml_api_key" "report" {
  service_account_id = machineid_zenml_service_account.report.id
  # Two runs at the same time need two names: a pipeline can put its number here.
  name        = "report"
  create_when = terraform.applying
}

# A token of that key, for a program that may do what this account may do. A plan, which has no such key, gets none.
ephemeral "machineid_zenml_access_token" "report" {
  api_key   = ephemeral.machineid_zenml_api_key.report.key
  mint_when = terraform.applying
}

resource "terraform_data" "report" {
  provisioner "local-exec" {
    # In place of this, your own program. It finds the token in its environment.
    command = "test -n \"$ZENML_ACCESS_TOKEN\""
    environment = {
      ZENML_ACCESS_TOKEN = ephemeral.machineid_zenml_access_token.report.access_token
    }
  }
}
