data "machineid_keycard_service_account_credentials" "zones" {
  service_account_id = "w5n8tq2zhm4rk9vc7xj3bd6pfy"
}

locals {
  found = { for credential in data.machineid_keycard_service_account_credentials.zones.credentials : credential.id => credential }
}

import {
  for_each = local.found
  to       = machineid_keycard_service_account_credential.zones[each.key]
  id       = "organizations/m7x2kq9vzt4hbn8rwc3jd5pfy6/service-accounts/${data.machineid_keycard_service_account_credentials.zones.service_account_id}/credentials/${each.key}"
}

resource "machineid_keycard_service_account_credential" "zones" {
  for_each           = local.found
  service_account_id = data.machineid_keycard_service_account_credentials.zones.service_account_id
  name               = each.value.name
}
