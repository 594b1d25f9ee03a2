variable "name" {
  type = string
}

variable "key_name" {
  type    = string
  default = "ci"
}

variable "description" {
  type    = string
  default = null
}

variable "active" {
  type    = bool
  default = null
}

variable "rotate" {
  type    = map(string)
  default = null
}

resource "machineid_zenml_service_account" "test" {
  name = var.name
}

resource "machineid_zenml_api_key" "test" {
  service_account_id  = machineid_zenml_service_account.test.id
  name                = var.key_name
  description         = var.description
  active              = var.active
  rotate_when_changed = var.rotate
}

output "key" {
  value     = machineid_zenml_api_key.test.key
  sensitive = true
}
