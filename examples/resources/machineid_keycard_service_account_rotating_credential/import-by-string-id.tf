import {
  to = machineid_keycard_service_account_rotating_credential.zones
  id = "organizations/m7x2kq9vzt4hbn8rwc3jd5pfy6/service-accounts/w3rk8tq5nvz9hxc2mj7bpd4lfs/credentials/h6yv2pn9dkx4rqz8tmw5cj3bgl"
}
