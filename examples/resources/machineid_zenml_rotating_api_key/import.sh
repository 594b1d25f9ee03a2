# The UUID of the service account, a slash, and the UUID of the key.
terraform import machineid_zenml_rotating_api_key.scheduler 5f0c7d52-3a7e-4a86-9a57-0d2f5c1b7e31/c8b1e7f4-62d9-4f0b-8a35-9e4d7c20f6a8
