import {
  to = machineid_keycard_service_account.zones
  id = "organizations/m7x2kq9vzt4hbn8rwc3jd5pfy6/service-accounts/w3rk8tq5nvz9hxc2mj7bpd4lfs"
}
