data "machineid_dt_project_members" "building" {
  project = "projects/cbp0j6cd7vhg00d4q1tg"
}

# Service accounts that belong to another project.
output "accounts_from_elsewhere" {
  value = [
    for member in data.machineid_dt_project_members.building.members : member.email
    if member.account_type == "SERVICE_ACCOUNT" && !endswith(member.email, "@cbp0j6cd7vhg00d4q1tg.serviceaccount.d21s.com")
  ]
}

# Who was invited and has not answered yet.
output "open_invitations" {
  value = [
    for member in data.machineid_dt_project_members.building.members : member.email
    if member.status == "PENDING"
  ]
}
