package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const keysPerAccount = 10

// systemConfigurations are, by system, an account and its keys; %[1]d is the account's number. Each account has blocks of
// its own: in a block with a count, Terraform would decode all accounts for every key, and that is no work of ours.
var systemConfigurations = map[string]string{
	"zenml": `
resource "machineid_zenml_service_account" "a%[1]d" {
  name = "bench-%[1]d"
}

resource "machineid_zenml_api_key" "a%[1]d" {
  count              = %[2]d
  service_account_id = machineid_zenml_service_account.a%[1]d.id
  name               = "key-${count.index}"
}
`,
	"dt": `
resource "machineid_dt_service_account" "a%[1]d" {
  project      = var.dt_project
  display_name = "bench-%[1]d"
}

resource "machineid_dt_service_account_key" "a%[1]d" {
  count           = %[2]d
  service_account = machineid_dt_service_account.a%[1]d.name
}
`,
	"neowit": `
resource "machineid_neowit_service_account" "a%[1]d" {
  name = "bench-%[1]d"
}

resource "machineid_neowit_service_account_key" "a%[1]d" {
  count              = %[2]d
  service_account_id = machineid_neowit_service_account.a%[1]d.id
}
`,
	"keycard": `
resource "machineid_keycard_service_account" "a%[1]d" {
  name = "bench-%[1]d"
}

resource "machineid_keycard_service_account_credential" "a%[1]d" {
  count              = %[2]d
  service_account_id = machineid_keycard_service_account.a%[1]d.id
  name               = "key-${count.index}"
}
`,
}

// plainConfiguration has as many objects, without any provider of ours.
const plainConfiguration = `
resource "terraform_data" "account%[1]d" {
  input = "bench-%[1]d"
}

resource "terraform_data" "key%[1]d" {
  count = %[2]d
  input = "${terraform_data.account%[1]d.id}-${count.index}"
}
`

// plainHead is what a configuration begins with; %[1]q is the address of its state. In a pipeline the state is a remote one.
// A local one would be written anew after each object, which takes longer than everything else.
const plainHead = `terraform {
  backend "http" {
    address = %[1]q
  }
}
`

// head is what every configuration of ours begins with. The source is spelled out for OpenTofu.
const head = plainHead + `
terraform {
  required_providers {
    machineid = { source = "` + address + `" }
  }
}

variable "dt_project" {
  type    = string
  default = "projects/none"
}
`

// write makes a folder with so many keys.
func write(folder, first, state, block string, keys int) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	var text strings.Builder
	fmt.Fprintf(&text, first, state)
	for account := range keys / keysPerAccount {
		fmt.Fprintf(&text, block, account, keysPerAccount)
	}
	return os.WriteFile(filepath.Join(folder, "main.tf"), []byte(text.String()), 0o600)
}
