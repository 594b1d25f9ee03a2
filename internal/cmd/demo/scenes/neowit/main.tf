terraform {
  required_providers {
    machineid = {
      source = "registry.terraform.io/machineid/machineid"
    }
  }
}

# Where Neowit is and how to log in stands in the environment.
provider "machineid" {}

variable "name" {
  type        = string
  default     = "occupancy"
  description = "What the account is called."
}

variable "quarter" {
  type        = string
  default     = "first"
  description = "A new value replaces the key."
}

resource "machineid_neowit_service_account" "occupancy" {
  name = var.name
}

resource "machineid_neowit_service_account_key" "occupancy" {
  service_account_id = machineid_neowit_service_account.occupancy.id

  rotate_when_changed = {
    quarter = var.quarter
  }

  # The new key is there before the old one goes.
  lifecycle {
    create_before_destroy = true
  }
}

# What a login needs, as one text: so it is never half old and half new.
output "credentials" {
  sensitive = true
  value = jsonencode({
    service_account_id = machineid_neowit_service_account.occupancy.id
    key_id             = machineid_neowit_service_account_key.occupancy.key_id
    secret             = machineid_neowit_service_account_key.occupancy.secret
  })
}
