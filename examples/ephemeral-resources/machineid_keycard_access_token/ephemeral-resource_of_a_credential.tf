resource "machineid_keycard_service_account" "report" {
  name = "report"
}

# Made when an apply comes to it, and revoked as soon as nothing in the apply needs it any more.
ephemeral "machineid_keycard_service_account_credential" "report" {
  service_account_id = machineid_keycard_service_account.report.id
  name               = "report"
  create_when        = terraform.applying
}

# A token of that credential, for a program that may do what this account may do. A plan, which has no such credential,
# gets none.
ephemeral "machineid_keycard_access_token" "report" {
  client_id     = ephemeral.machineid_keycard_service_account_credential.report.client_id
  client_secret = ephemeral.machineid_keycard_service_account_credential.report.client_secret
  mint_when     = terraform.applying
}

resource "terraform_data" "report" {
  provisioner "local-exec" {
    # In place of this, your own program. It finds the token in its environment.
    command = "test -n \"$KEYCARD_ACCESS_TOKEN\""
    environment = {
      KEYCARD_ACCESS_TOKEN = ephemeral.machineid_keycard_access_token.report.access_token
    }
  }
}
