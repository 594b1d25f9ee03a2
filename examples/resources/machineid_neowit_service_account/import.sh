# The id of the account, which the data source machineid_neowit_service_account finds by name. For an account of another
# organization than the provider's: <org_id>/<id>.
terraform import machineid_neowit_service_account.occupancy 7pQxM3vKcT9sLwB5nZr2Yf
