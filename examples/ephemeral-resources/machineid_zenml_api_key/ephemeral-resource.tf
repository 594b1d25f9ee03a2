resource "machineid_zenml_service_account" "migration" {
  name = "migration"
}

# Made when an apply comes to it, and revoked as soon as nothing in the apply needs it any more.
ephemeral "machineid_zenml_api_key" "migration" {
  service_account_id = machineid_zenml_service_account.migration.id
  # Two runs at the same time need two names: a pipeline can put its number here.
  name        = "migration"
  create_when = terraform.applying
}

resource "terraform_data" "migration" {
  provisioner "local-exec" {
    # In place of this, your own program. It finds the key in its environment.
    command = "test -n \"$ZENML_STORE_API_KEY\""
    environment = {
      ZENML_STORE_API_KEY = ephemeral.machineid_zenml_api_key.migration.key
    }
  }
}
