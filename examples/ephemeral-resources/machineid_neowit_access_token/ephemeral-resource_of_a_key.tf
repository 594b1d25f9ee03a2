resource "machineid_neowit_service_account" "report" {
  name = "report"
}

# Made when an apply comes to it, and revoked as soon as nothing in the apply needs it any more.
ephemeral "machineid_neowit_service_account_key" "report" {
  service_account_id = machineid_neowit_service_account.report.id
  create_when        = terraform.applying
}

# A token of that key, for a program that may do what this account may do. A plan, which has no such key, gets none.
ephemeral "machineid_neowit_access_token" "report" {
  service_account_id = machineid_neowit_service_account.report.id
  key_id             = ephemeral.machineid_neowit_service_account_key.report.key_id
  secret             = ephemeral.machineid_neowit_service_account_key.report.secret
  mint_when          = terraform.applying
}

resource "terraform_data" "report" {
  provisioner "local-exec" {
    # In place of this, your own program. It finds the token in its environment.
    command = "test -n \"$NEOWIT_ACCESS_TOKEN\""
    environment = {
      NEOWIT_ACCESS_TOKEN = ephemeral.machineid_neowit_access_token.report.access_token
    }
  }
}
