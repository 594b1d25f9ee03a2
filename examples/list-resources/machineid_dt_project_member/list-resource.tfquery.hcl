# Everybody who has a role in the project.
list "machineid_dt_project_member" "all" {
  provider = machineid
  limit    = 1000

  config {
    project = "projects/cbp0j6cd7vhg00d4q1tg"
  }
}

# Service accounts with a certain role.
list "machineid_dt_project_member" "readers" {
  provider = machineid

  config {
    project      = "projects/cbp0j6cd7vhg00d4q1tg"
    role         = "roles/project.user"
    account_type = "SERVICE_ACCOUNT"
  }
}
