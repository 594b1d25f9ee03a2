# The full resource name. The data source machineid_dt_service_accounts lists them with their display names.
terraform import machineid_dt_service_account.climate_export projects/cbp0j4sd7vhg00d4q1s0/serviceaccounts/cbp12nkd7vhg00d4q1v0
