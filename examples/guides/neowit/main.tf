terraform {
  required_providers {
    machineid = {
      source = "machineid/machineid"
    }
  }
}

# The way in is in the environment.
provider "machineid" {}

resource "machineid_neowit_service_account" "first" {
  name = "first"
}

resource "machineid_neowit_service_account_key" "first" {
  service_account_id = machineid_neowit_service_account.first.id
  rotate_after       = "90d"
}

output "service_account_id" {
  value = machineid_neowit_service_account.first.id
}

output "key_id" {
  value = machineid_neowit_service_account_key.first.key_id
}

output "secret" {
  value     = machineid_neowit_service_account_key.first.secret
  sensitive = true
}
