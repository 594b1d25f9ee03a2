terraform {
  required_providers {
    machineid = {
      source = "registry.terraform.io/machineid/machineid"
    }
  }
}

# Where ZenML is and how to log in stands in the environment.
provider "machineid" {}

resource "machineid_zenml_service_account" "inventory" {
  name = "inventory"
}

# Made when an apply comes to it, and revoked at its end. A plan makes none.
ephemeral "machineid_zenml_api_key" "inventory" {
  service_account_id = machineid_zenml_service_account.inventory.id
  name               = "inventory"
  create_when        = terraform.applying
}

# A token of that key. A plan, which has no such key, gets none.
ephemeral "machineid_zenml_access_token" "inventory" {
  api_key   = ephemeral.machineid_zenml_api_key.inventory.key
  mint_when = terraform.applying
}

provider "machineid" {
  alias = "inventory"
  zenml = {
    api_token = ephemeral.machineid_zenml_access_token.inventory.access_token
  }
}

# Changed by each apply, so that what depends on it is read then.
resource "terraform_data" "now" {
  input = plantimestamp()
}

# Read with the token.
data "machineid_zenml_service_accounts" "all" {
  provider   = machineid.inventory
  depends_on = [terraform_data.now]
}

output "found" {
  value = [for account in data.machineid_zenml_service_accounts.all.service_accounts : account.name]
}
