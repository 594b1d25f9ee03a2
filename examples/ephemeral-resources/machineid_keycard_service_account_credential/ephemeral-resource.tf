resource "machineid_keycard_service_account" "migration" {
  name = "migration"
}

# Made when an apply comes to it, and revoked as soon as nothing in the apply needs it any more.
ephemeral "machineid_keycard_service_account_credential" "migration" {
  service_account_id = machineid_keycard_service_account.migration.id
  name               = "migration"
  create_when        = terraform.applying
}

resource "terraform_data" "migration" {
  # The credential is made in each apply, the program runs in the first. Change this, and it runs once more.
  triggers_replace = ["2026-11"]

  provisioner "local-exec" {
    # In place of this, your own program. It finds the credential in its environment.
    command = "test -n \"$KEYCARD_CLIENT_SECRET\""
    environment = {
      KEYCARD_CLIENT_ID     = ephemeral.machineid_keycard_service_account_credential.migration.client_id
      KEYCARD_CLIENT_SECRET = ephemeral.machineid_keycard_service_account_credential.migration.client_secret
    }
  }
}
