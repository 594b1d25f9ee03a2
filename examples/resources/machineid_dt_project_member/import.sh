# The project that the role is for, and the id of the member: for a service account, that of the account.
# The data source machineid_dt_project_members lists them.
terraform import machineid_dt_project_member.climate_export projects/cbp0j6cd7vhg00d4q1tg/members/cbp12nkd7vhg00d4q1v0
