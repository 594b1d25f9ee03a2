terraform {
  required_providers {
    machineid = {
      source = "registry.terraform.io/machineid/machineid"
    }
  }
}

# Where both systems are and how to log in stands in the environment.
provider "machineid" {}

variable "quarter" {
  type        = string
  default     = "first"
  description = "A new value replaces both keys."
}

variable "dt_project" {
  type        = string
  description = "The project that owns the service account."
}

variable "dt_other_project" {
  type        = string
  description = "The project that the service account may read."
}

resource "machineid_zenml_service_account" "forecast" {
  name        = "forecast"
  description = "Trains the forecast on sensor data."
}

resource "machineid_zenml_api_key" "forecast" {
  service_account_id = machineid_zenml_service_account.forecast.id
  name               = "forecast"

  rotate_when_changed = {
    quarter = var.quarter
  }
}

resource "machineid_dt_service_account" "forecast" {
  project      = var.dt_project
  display_name = "forecast"
}

resource "machineid_dt_service_account_key" "forecast" {
  service_account = machineid_dt_service_account.forecast.name

  rotate_when_changed = {
    quarter = var.quarter
  }

  # The new key is there before the old one goes.
  lifecycle {
    create_before_destroy = true
  }
}

resource "machineid_dt_project_member" "forecast" {
  project = var.dt_other_project
  email   = machineid_dt_service_account.forecast.email
  role    = "roles/project.user"
}

# What it takes to log in to both, as one text: so no part of it is old while another is new.
output "credentials" {
  sensitive = true
  value = jsonencode({
    zenml_key = machineid_zenml_api_key.forecast.key
    dt = {
      id     = machineid_dt_service_account_key.forecast.id
      secret = machineid_dt_service_account_key.forecast.secret
      email  = machineid_dt_service_account.forecast.email
    }
  })
}
