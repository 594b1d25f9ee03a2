# The key of a service account that may manage others. The addresses are the vendor's own by default.
terraform {
  required_providers {
    machineid = {
      source = "machineid/machineid"
    }
  }
}

# Set it with TF_VAR_dt_secret. Or leave both the variable and the attribute out and set DT_SERVICE_ACCOUNT_SECRET.
variable "dt_secret" {
  type      = string
  sensitive = true
  ephemeral = true # in no state, and in no saved plan
}

provider "machineid" {
  dt = {
    key_id = "cbp0jl4d7vhg00d4q1u0"
    secret = var.dt_secret
    email  = "cbp0jggd7vhg00d4q1ug@cbp0j4sd7vhg00d4q1s0.serviceaccount.d21s.com"
  }
}
