# Two servers in one configuration. A way in that is set here is not looked up in the environment, so the two cannot mix.
terraform {
  required_providers {
    machineid = {
      source = "machineid/machineid"
    }
  }
}

variable "zenml_staging" {
  type      = object({ server_url = string, username = string, password = string })
  sensitive = true
  ephemeral = true # in no state, and in no saved plan
}

variable "zenml_production" {
  type      = object({ server_url = string, username = string, password = string })
  sensitive = true
  ephemeral = true # in no state, and in no saved plan
}

provider "machineid" {
  zenml = var.zenml_staging
}

provider "machineid" {
  alias = "production"

  # This server stands behind a slow gateway.
  request_timeout   = "90s"
  max_retries       = 6
  user_agent_suffix = "platform-pipeline"

  zenml = var.zenml_production
}
