variable "account" {
  type = string
}

variable "credential" {
  type = string
}

variable "expand" {
  type    = set(string)
  default = null
}

variable "organization_id" {
  type    = string
  default = null
}

data "machineid_keycard_organization" "test" {
  organization_id = var.organization_id
  expand          = var.expand
}

data "machineid_keycard_service_account" "by_id" {
  organization_id = var.organization_id
  id              = var.account
  expand          = var.expand
}

data "machineid_keycard_service_account" "by_name" {
  organization_id = var.organization_id
  name            = "looked up"
  expand          = var.expand
}

data "machineid_keycard_service_accounts" "test" {
  organization_id = var.organization_id
  expand          = var.expand
}

data "machineid_keycard_service_account_credential" "by_id" {
  organization_id    = var.organization_id
  service_account_id = var.account
  id                 = var.credential
  expand             = var.expand
}

data "machineid_keycard_service_account_credential" "by_name" {
  organization_id    = var.organization_id
  service_account_id = var.account
  name               = "used"
  expand             = var.expand
}

data "machineid_keycard_service_account_credentials" "test" {
  organization_id    = var.organization_id
  service_account_id = var.account
  expand             = var.expand
}
