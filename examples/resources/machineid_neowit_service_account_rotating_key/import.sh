# The id of the service account, a slash, and the id of the key, which becomes the current one. The data source
# machineid_neowit_service_account lists the keys of an account. For an account of another organization than the
# provider's, <org_id>/ comes first.
terraform import machineid_neowit_service_account_rotating_key.occupancy 7pQxM3vKcT9sLwB5nZr2Yf/2dJhX6gRtN8mVkC4wPb9Qs
