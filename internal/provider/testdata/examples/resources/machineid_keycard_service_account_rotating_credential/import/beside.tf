resource "machineid_keycard_service_account_rotating_credential" "zones" {
  service_account_id = "w3rk8tq5nvz9hxc2mj7bpd4lfs"
  name               = "pipeline"
  overlap            = "7d"
}
