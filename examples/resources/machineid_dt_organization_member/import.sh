# The organization, and the id of the member: for a service account, that of the account.
terraform import machineid_dt_organization_member.provisioning organizations/cbp0ip4d7vhg00d4q1rg/members/cbp12nkd7vhg00d4q1v0
