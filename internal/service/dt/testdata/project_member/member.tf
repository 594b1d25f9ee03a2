variable "project" {
  type = string
}

variable "email" {
  type = string
}

variable "role" {
  type    = string
  default = "roles/project.user"
}

resource "machineid_dt_project_member" "test" {
  project = var.project
  email   = var.email
  role    = var.role
}
