# Active keys that nobody has used for ninety days, whichever account they belong to.
list "machineid_zenml_api_key" "idle" {
  provider = machineid
  limit    = 1000

  config {
    active     = true
    unused_for = "90d"
  }
}

# The keys of one account, with what their resources would hold.
list "machineid_zenml_api_key" "training" {
  provider         = machineid
  include_resource = true

  config {
    service_account_id = "0f1a6b3e-52f1-4c54-9d0f-4b6f6a7f3c11"
  }
}
