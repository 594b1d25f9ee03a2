data "machineid_dt_organization_members" "all" {
  organization = "organizations/cbp0ip4d7vhg00d4q1rg"
}

# Service accounts that have been able to do everything in every project for more than ninety days.
output "powerful_accounts" {
  value = [
    for member in data.machineid_dt_organization_members.all.members : member.email
    if member.account_type == "SERVICE_ACCOUNT" && coalesce(member.age_days, 0) > 90
  ]
}
