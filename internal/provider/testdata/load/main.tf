variable "project" {
  type = string
}

# Accounts in DT, and in each of the others. Every account has three keys.
variable "dt_accounts" {
  type = number
}

variable "accounts" {
  type = number
}

# Part of every account's name, to change them all.
variable "generation" {
  type = string
}

resource "machineid_dt_service_account" "test" {
  count        = var.dt_accounts
  project      = var.project
  display_name = "account-${count.index}-${var.generation}"
}

resource "machineid_dt_service_account_key" "test" {
  count           = 3 * var.dt_accounts
  service_account = machineid_dt_service_account.test[floor(count.index / 3)].name
}

resource "machineid_zenml_service_account" "test" {
  count = var.accounts
  name  = "account-${count.index}-${var.generation}"
}

resource "machineid_zenml_api_key" "test" {
  count              = 3 * var.accounts
  service_account_id = machineid_zenml_service_account.test[floor(count.index / 3)].id
  name               = "key-${count.index}"
}

resource "machineid_neowit_service_account" "test" {
  count = var.accounts
  name  = "account-${count.index}-${var.generation}"
}

resource "machineid_neowit_service_account_key" "test" {
  count              = 3 * var.accounts
  service_account_id = machineid_neowit_service_account.test[floor(count.index / 3)].id
}

resource "machineid_keycard_service_account" "test" {
  count = var.accounts
  name  = "account-${count.index}-${var.generation}"
}

resource "machineid_keycard_service_account_credential" "test" {
  count              = 3 * var.accounts
  service_account_id = machineid_keycard_service_account.test[floor(count.index / 3)].id
  name               = "credential-${count.index}"
}
