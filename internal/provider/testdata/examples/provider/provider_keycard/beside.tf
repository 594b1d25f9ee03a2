data "machineid_keycard_organization" "own" {}
