variable "name" {
  type = string
}

variable "active" {
  type    = bool
  default = true
}

resource "machineid_zenml_service_account" "test" {
  name        = var.name
  full_name   = "Continuous Integration"
  description = "Runs the pipelines: \"nightly\" & ünïcode"
  avatar_url  = "https://example.com/ci.png"
  active      = var.active
}
