resource "machineid_dt_service_account" "migration" {
  project      = "projects/cbp0j4sd7vhg00d4q1s0"
  display_name = "migration"
}

# Made when an apply comes to it, and revoked as soon as nothing in the apply needs it any more.
ephemeral "machineid_dt_service_account_key" "migration" {
  service_account = machineid_dt_service_account.migration.name
  create_when     = terraform.applying
}

resource "terraform_data" "migration" {
  provisioner "local-exec" {
    # In place of this, your own program. It finds the key in its environment.
    command = "test -n \"$DT_SERVICE_ACCOUNT_SECRET\""
    environment = {
      DT_SERVICE_ACCOUNT_EMAIL  = machineid_dt_service_account.migration.email
      DT_SERVICE_ACCOUNT_KEY_ID = ephemeral.machineid_dt_service_account_key.migration.id
      DT_SERVICE_ACCOUNT_SECRET = ephemeral.machineid_dt_service_account_key.migration.secret
    }
  }
}
