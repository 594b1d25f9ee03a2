resource "machineid_neowit_service_account" "migration" {
  name = "migration"
}

# Made when an apply comes to it, and revoked as soon as nothing in the apply needs it any more.
ephemeral "machineid_neowit_service_account_key" "migration" {
  service_account_id = machineid_neowit_service_account.migration.id
  create_when        = terraform.applying
}

resource "terraform_data" "migration" {
  provisioner "local-exec" {
    # In place of this, your own program. It finds the key in its environment.
    command = "test -n \"$NEOWIT_SECRET\""
    environment = {
      NEOWIT_SERVICE_ACCOUNT_ID = machineid_neowit_service_account.migration.id
      NEOWIT_KEY_ID             = ephemeral.machineid_neowit_service_account_key.migration.key_id
      NEOWIT_SECRET             = ephemeral.machineid_neowit_service_account_key.migration.secret
    }
  }
}
