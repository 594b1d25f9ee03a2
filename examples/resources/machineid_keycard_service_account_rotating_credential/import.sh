# The path of the credential in the API, with the organization by id or label. It becomes the current one. The data source
# machineid_keycard_service_account_credential finds the id of a credential by its name.
terraform import machineid_keycard_service_account_rotating_credential.zones organizations/m7x2kq9vzt4hbn8rwc3jd5pfy6/service-accounts/w3rk8tq5nvz9hxc2mj7bpd4lfs/credentials/h6yv2pn9dkx4rqz8tmw5cj3bgl
