terraform {
  required_providers {
    machineid = {
      source = "machineid/machineid"
    }
  }
}

variable "zenml_server_url" {
  type        = string
  description = "Address of the ZenML server, for example https://zenml.example.com."
}

variable "zenml_username" {
  type        = string
  description = "An admin user of that server."
}

# Set it with TF_VAR_zenml_password. Or leave both the variable and the attribute out and set ZENML_PASSWORD.
variable "zenml_password" {
  type      = string
  sensitive = true
  ephemeral = true # in no state, and in no saved plan
}

provider "machineid" {
  zenml = {
    server_url = var.zenml_server_url
    username   = var.zenml_username
    password   = var.zenml_password
  }
}
