variable "account" {
  type = string
}

variable "org_id" {
  type = string
}

data "machineid_neowit_service_account" "by_id" {
  id = var.account
}

data "machineid_neowit_service_account" "by_name" {
  name = "looked up"
}

data "machineid_neowit_service_account" "in_child" {
  org_id = var.org_id
  name   = "in the child"
}

data "machineid_neowit_service_accounts" "test" {}

data "machineid_neowit_service_accounts" "in_child" {
  org_id = var.org_id
}
