# The key of a service account. Every service account may manage the others of its organization.
terraform {
  required_providers {
    machineid = {
      source = "machineid/machineid"
    }
  }
}

# Set it with TF_VAR_neowit_secret. Or leave both the variable and the attribute out and set NEOWIT_SECRET.
variable "neowit_secret" {
  type      = string
  sensitive = true
  ephemeral = true # in no state, and in no saved plan
}

provider "machineid" {
  neowit = {
    service_account_id = "9fKwZ2mTbQ6rXnL4vHs7Jc"
    key_id             = "3xVbP8yNdG5tRqM7kWz2Lh"
    secret             = var.neowit_secret
  }
}
