# The path of the account in the API, with the organization by id or label. The data source
# machineid_keycard_service_account finds the id of an account by its name, machineid_keycard_organization that of the
# organization.
terraform import machineid_keycard_service_account.zones organizations/m7x2kq9vzt4hbn8rwc3jd5pfy6/service-accounts/w3rk8tq5nvz9hxc2mj7bpd4lfs
