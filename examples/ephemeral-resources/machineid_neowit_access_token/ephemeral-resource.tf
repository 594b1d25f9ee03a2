# A token of the key that the provider logs in with. What takes a token takes it from here, such as another provider: each
# plan and each apply gets a new one.
ephemeral "machineid_neowit_access_token" "inventory" {}

provider "machineid" {
  alias = "inventory"
  neowit = {
    access_token = ephemeral.machineid_neowit_access_token.inventory.access_token
  }
}

data "machineid_neowit_service_accounts" "all" {
  provider = machineid.inventory
}
