# A token of the key that the provider logs in with, for a program that speaks to the API of DT Studio itself.
ephemeral "machineid_dt_access_token" "report" {}

resource "terraform_data" "report" {
  provisioner "local-exec" {
    # In place of this, your own program. It finds the token in its environment.
    command = "test -n \"$DT_ACCESS_TOKEN\""
    environment = {
      DT_ACCESS_TOKEN = ephemeral.machineid_dt_access_token.report.access_token
    }
  }
}
