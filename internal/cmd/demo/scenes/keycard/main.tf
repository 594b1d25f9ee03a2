terraform {
  required_providers {
    machineid = {
      source = "registry.terraform.io/machineid/machineid"
    }
  }
}

# Where the four systems are and how to log in stands in the environment.
provider "machineid" {}

variable "quarter" {
  type        = string
  default     = "first"
  description = "A new value replaces the credential of Keycard."
}

variable "dt_project" {
  type        = string
  description = "The project that owns the service account of DT."
}

resource "machineid_zenml_service_account" "building" {
  name = "building"
}

resource "machineid_zenml_api_key" "building" {
  service_account_id = machineid_zenml_service_account.building.id
  name               = "building"
}

resource "machineid_dt_service_account" "building" {
  project      = var.dt_project
  display_name = "building"
}

resource "machineid_dt_service_account_key" "building" {
  service_account = machineid_dt_service_account.building.name
}

resource "machineid_neowit_service_account" "building" {
  name = "building"
}

resource "machineid_neowit_service_account_key" "building" {
  service_account_id = machineid_neowit_service_account.building.id
}

resource "machineid_keycard_service_account" "building" {
  name        = "building"
  description = "Hands out access to what runs in the building."
}

resource "machineid_keycard_service_account_credential" "building" {
  service_account_id = machineid_keycard_service_account.building.id
  name               = "broker"

  rotate_when_changed = {
    quarter = var.quarter
  }

  # The new credential is there before the old one goes.
  lifecycle {
    create_before_destroy = true
  }
}

# What it takes to log in everywhere, as one text: so no part of it is old while another is new.
output "credentials" {
  sensitive = true
  value = jsonencode({
    zenml_key = machineid_zenml_api_key.building.key
    dt = {
      id     = machineid_dt_service_account_key.building.id
      secret = machineid_dt_service_account_key.building.secret
      email  = machineid_dt_service_account.building.email
    }
    neowit = {
      service_account_id = machineid_neowit_service_account.building.id
      key_id             = machineid_neowit_service_account_key.building.key_id
      secret             = machineid_neowit_service_account_key.building.secret
    }
    keycard = {
      client_id     = machineid_keycard_service_account_credential.building.client_id
      client_secret = machineid_keycard_service_account_credential.building.client_secret
    }
  })
}
