# Rotation without a moment in which no key is valid. The new key is made, whatever depends on it is updated, and only
# then is the old one deleted. Names are unique within an account, so the two must differ.

locals {
  quarter = "2026-Q4"
}

resource "machineid_zenml_service_account" "serving" {
  name = "serving"
}

resource "machineid_zenml_api_key" "gateway" {
  service_account_id = machineid_zenml_service_account.serving.id
  name               = "gateway-${local.quarter}"

  rotate_when_changed = {
    quarter = local.quarter
  }

  lifecycle {
    create_before_destroy = true
  }
}
