terraform {
  required_providers {
    machineid = {
      source = "machineid/machineid"
    }
  }
}

# The way in is in the environment.
provider "machineid" {}

resource "machineid_keycard_service_account" "first" {
  name = "first"
}

resource "machineid_keycard_service_account_credential" "first" {
  service_account_id = machineid_keycard_service_account.first.id
  name               = "first"
  rotate_after       = "90d"
}

output "client_id" {
  value = machineid_keycard_service_account_credential.first.client_id
}

output "client_secret" {
  value     = machineid_keycard_service_account_credential.first.client_secret
  sensitive = true
}
