terraform {
  required_providers {
    machineid = {
      source = "machineid/machineid"
    }
  }
}

# The way in is in the environment.
provider "machineid" {}

resource "machineid_zenml_service_account" "first" {
  name = "first"
}

resource "machineid_zenml_api_key" "first" {
  service_account_id = machineid_zenml_service_account.first.id
  name               = "first"
  rotate_after       = "90d"
}

output "key" {
  value     = machineid_zenml_api_key.first.key
  sensitive = true
}
