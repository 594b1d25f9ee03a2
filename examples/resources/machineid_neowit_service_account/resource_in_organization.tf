# An account in an organization that is named here: the provider's own, or a child of it. The key is in the same one, and
# must say so too.

resource "machineid_neowit_service_account" "branch" {
  org_id = "4kTqW9zLmR7yVbN2cXs8Hd"
  name   = "branch-report"
}

resource "machineid_neowit_service_account_key" "branch" {
  org_id             = machineid_neowit_service_account.branch.org_id
  service_account_id = machineid_neowit_service_account.branch.id
}
