# The credential of a service account. It decides which organization is meant.
terraform {
  required_providers {
    machineid = {
      source = "machineid/machineid"
    }
  }
}

# Set it with TF_VAR_keycard_client_secret. Or leave both the variable and the attribute out and set
# KEYCARD_CLIENT_SECRET.
variable "keycard_client_secret" {
  type      = string
  sensitive = true
  ephemeral = true # in no state, and in no saved plan
}

provider "machineid" {
  keycard = {
    client_id     = "Rt5Lw8Qz2Nk7Vb3Xh9Jd4"
    client_secret = var.keycard_client_secret
  }
}
