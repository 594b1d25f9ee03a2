# The UUID of the service account, as the dashboard shows it and the data source
# machineid_zenml_service_account finds it by name.
terraform import machineid_zenml_service_account.training 5f0c7d52-3a7e-4a86-9a57-0d2f5c1b7e31
