data "machineid_dt_organization_members" "all" {
  organization = "organizations/cbp0ip4d7vhg00d4q1rg"
}

# Service accounts that may do everything in every project.
output "powerful_accounts" {
  value = [
    for member in data.machineid_dt_organization_members.all.members : "${member.email} (for ${member.age_days} days)"
    if member.account_type == "SERVICE_ACCOUNT"
  ]
}
