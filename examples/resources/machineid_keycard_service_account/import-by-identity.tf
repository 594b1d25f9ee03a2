import {
  to = machineid_keycard_service_account.zones
  identity = {
    organization_id = "m7x2kq9vzt4hbn8rwc3jd5pfy6"
    id              = "w3rk8tq5nvz9hxc2mj7bpd4lfs"
  }
}
