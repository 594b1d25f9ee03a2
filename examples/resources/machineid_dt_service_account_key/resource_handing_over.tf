# A login needs three values that belong together. Handed over as one text, they cannot be mixed up in a rotation. This
# is the file that the vendor's Python client reads where DT_CREDENTIALS_FILE names it:
#
#   (umask 077 && terraform output -raw report_credentials > credentials.json)

resource "machineid_dt_service_account" "report" {
  project      = "projects/cbp0j4sd7vhg00d4q1s0"
  display_name = "report"
}

resource "machineid_dt_service_account_key" "report" {
  service_account = machineid_dt_service_account.report.name
}

output "report_credentials" {
  sensitive = true
  value = jsonencode({
    serviceAccount = {
      keyId         = machineid_dt_service_account_key.report.id
      secret        = machineid_dt_service_account_key.report.secret
      email         = machineid_dt_service_account.report.email
      algorithm     = "HS256"
      tokenEndpoint = "https://identity.disruptive-technologies.com/oauth2/token"
    }
  })
}
