resource "machineid_keycard_service_account" "export" {
  name = "nightly export"
}

# Only who holds the identity of this recipient can read the secret. `age-keygen` makes both.
resource "machineid_keycard_service_account_credential" "export" {
  service_account_id = machineid_keycard_service_account.export.id
  name               = "export"
  encrypt_to         = ["age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"]
  rotate_after       = "90d"
}

output "export_client_id" {
  value = machineid_keycard_service_account_credential.export.client_id
}

# Not sensitive: it is of use to nobody else.
output "export_secret" {
  value = machineid_keycard_service_account_credential.export.encrypted_secret
}
