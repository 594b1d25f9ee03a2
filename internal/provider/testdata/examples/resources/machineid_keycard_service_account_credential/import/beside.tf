resource "machineid_keycard_service_account_credential" "zones" {
  service_account_id = "w3rk8tq5nvz9hxc2mj7bpd4lfs"
  name               = "pipeline"
}
