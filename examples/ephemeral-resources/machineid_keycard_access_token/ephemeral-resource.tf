# A token of the credential that the provider logs in with, for a program that speaks to the API of Keycard itself.
ephemeral "machineid_keycard_access_token" "report" {}

resource "terraform_data" "report" {
  provisioner "local-exec" {
    # In place of this, your own program. It finds the token in its environment.
    command = "test -n \"$KEYCARD_ACCESS_TOKEN\""
    environment = {
      KEYCARD_ACCESS_TOKEN = ephemeral.machineid_keycard_access_token.report.access_token
    }
  }
}
