variable "project" {
  type = string
}

resource "machineid_dt_service_account" "test" {
  count        = 6
  project      = var.project
  display_name = "account ${count.index}"
}

resource "machineid_dt_service_account_key" "test" {
  count           = 60
  service_account = machineid_dt_service_account.test[count.index % 6].name
}
