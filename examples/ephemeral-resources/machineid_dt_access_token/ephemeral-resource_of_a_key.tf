resource "machineid_dt_service_account" "report" {
  project      = "projects/cbp0j4sd7vhg00d4q1s0"
  display_name = "report"
}

# Made when an apply comes to it, and revoked as soon as nothing in the apply needs it any more.
ephemeral "machineid_dt_service_account_key" "report" {
  service_account = machineid_dt_service_account.report.name
  create_when     = terraform.applying
}

# A token of that key, for a program that may do what this account may do. A plan, which has no such key, gets none.
ephemeral "machineid_dt_access_token" "report" {
  key_id    = ephemeral.machineid_dt_service_account_key.report.id
  secret    = ephemeral.machineid_dt_service_account_key.report.secret
  email     = machineid_dt_service_account.report.email
  mint_when = terraform.applying
}

resource "terraform_data" "report" {
  provisioner "local-exec" {
    # In place of this, your own program. It finds the token in its environment.
    command = "test -n \"$DT_ACCESS_TOKEN\""
    environment = {
      DT_ACCESS_TOKEN = ephemeral.machineid_dt_access_token.report.access_token
    }
  }
}
