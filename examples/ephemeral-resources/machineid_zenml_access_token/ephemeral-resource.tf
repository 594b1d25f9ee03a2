# A token of whom the provider logs in as. What takes a token takes it from here, such as another provider: each plan and
# each apply gets a new one.
ephemeral "machineid_zenml_access_token" "inventory" {}

provider "machineid" {
  alias = "inventory"
  zenml = {
    api_token = ephemeral.machineid_zenml_access_token.inventory.access_token
  }
}

data "machineid_zenml_service_accounts" "all" {
  provider = machineid.inventory
}
