import {
  to = machineid_keycard_service_account_rotating_credential.zones
  identity = {
    organization_id    = "m7x2kq9vzt4hbn8rwc3jd5pfy6"
    service_account_id = "w3rk8tq5nvz9hxc2mj7bpd4lfs"
    id                 = "h6yv2pn9dkx4rqz8tmw5cj3bgl"
  }
}
