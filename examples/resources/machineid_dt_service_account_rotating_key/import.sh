# The full resource name of a key, which becomes the current one. The data source machineid_dt_service_account_keys lists
# those of an account.
terraform import machineid_dt_service_account_rotating_key.climate_export projects/cbp0j4sd7vhg00d4q1s0/serviceaccounts/cbp12nkd7vhg00d4q1v0/keys/cbp12r4d7vhg00d4q200
