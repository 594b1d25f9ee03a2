# A login needs two values that belong together. Handed over as one text, they cannot be mixed up in a rotation. These are
# the variables that Keycard's own Terraform provider reads, for the store of a pipeline:
#
#   terraform output -raw zones_environment | <command that takes a secret from its input>

resource "machineid_keycard_service_account" "zones" {
  name = "zone-provisioning"
}

resource "machineid_keycard_service_account_credential" "zones" {
  service_account_id = machineid_keycard_service_account.zones.id
  name               = "pipeline"

  lifecycle {
    create_before_destroy = true
  }
}

output "zones_environment" {
  sensitive = true
  value     = <<-EOT
    KEYCARD_CLIENT_ID=${machineid_keycard_service_account_credential.zones.client_id}
    KEYCARD_CLIENT_SECRET=${machineid_keycard_service_account_credential.zones.client_secret}
  EOT
}
