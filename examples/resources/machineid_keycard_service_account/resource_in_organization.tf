# An account in an organization that is named here, by id or label. The credential is in the same one, and should say so
# too: then it stays there, whatever becomes of the provider's own settings.

resource "machineid_keycard_service_account" "audit" {
  organization_id = "acme"
  name            = "audit-export"
}

resource "machineid_keycard_service_account_credential" "audit" {
  organization_id    = machineid_keycard_service_account.audit.organization_id
  service_account_id = machineid_keycard_service_account.audit.id
  name               = "export-job"
}
