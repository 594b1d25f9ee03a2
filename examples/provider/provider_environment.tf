# Every setting comes from the environment: ZENML_SERVER_URL, ZENML_USERNAME and ZENML_PASSWORD.
terraform {
  required_providers {
    machineid = {
      source = "machineid/machineid"
    }
  }
}

provider "machineid" {}
