package provider_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

var leakedState = regexp.MustCompile(`(?s)\n## A state or a saved plan has leaked\n(.*?)\n## `)

const (
	leakedProvider = `terraform {
  required_providers {
    machineid = {
      source = "machineid/machineid"
    }
  }
}
`
	leakedRoot = leakedProvider + `
module "metadata" {
  for_each = { "data.lake" = "one", "data.machineid_x" = "two" }
  source   = "./metadata"
  project  = "projects/cbp0j4sd7vhg00d4q1s0"
  name     = each.value
}

resource "machineid_keycard_service_account" "export" {
  name = "export"
}

resource "machineid_keycard_service_account_rotating_credential" "export" {
  service_account_id = machineid_keycard_service_account.export.id
  name               = "export"
  overlap            = "7d"
}

resource "terraform_data" "main_key" {}

resource "terraform_data" "machineid_dt_service_account_key" {
  for_each = toset(["x", "module.a.machineid_dt_service_account_key.b"])
}
`
	leakedModule = leakedProvider + `
variable "project" {}
variable "name" {}

resource "machineid_dt_service_account" "k" {
  project      = var.project
  display_name = var.name
}

resource "machineid_dt_service_account_key" "k" {
  for_each        = toset(["data.lake", "with a blank"])
  service_account = machineid_dt_service_account.k.name
}

resource "machineid_zenml_service_account" "k" {
  name = var.name
}

resource "machineid_zenml_api_key" "k" {
  service_account_id = machineid_zenml_service_account.k.id
  name               = "k"
}

data "machineid_zenml_api_key" "k" {
  service_account_id = machineid_zenml_service_account.k.id
  name               = machineid_zenml_api_key.k.name
}
`
)

// TestALeakedState runs the commands of the guide, which must replace every secret of this provider and nothing else.
func TestALeakedState(t *testing.T) {
	t.Parallel()
	section := leakedState.FindString(read(t, "../../templates/guides/respond-to-a-leak.md.tmpl"))
	blocks := commands.FindAllStringSubmatch(section, -1)
	if len(blocks) != 2 {
		t.Fatalf("the section has the commands %q", blocks)
	}
	box := acctest.Sandbox(t)
	scripts := acctest.NewScripts(t, box.Env())
	scripts.Write("main.tf", strings.NewReplacer(seededIDs(t, box)...).Replace(leakedRoot))
	if err := os.Mkdir(filepath.Join(scripts.Folder, "metadata"), 0o750); err != nil {
		t.Fatal(err)
	}
	scripts.Write("metadata/main.tf", leakedModule)
	if printed, err := scripts.Run("terraform init -input=false && terraform apply -no-color -input=false -auto-approve"); err != nil {
		t.Fatal(printed)
	}
	leaked := secretsInState(t, scripts)
	if len(leaked) != 7 {
		t.Errorf("the state has %d secrets", len(leaked))
	}
	if printed, err := scripts.Run(blocks[0][1] + "terraform show -json rotate.tfplan > plan.json\n"); err != nil {
		t.Fatal(printed)
	}
	var plan tfjson.Plan
	if err := json.Unmarshal([]byte(read(t, filepath.Join(scripts.Folder, "plan.json"))), &plan); err != nil {
		t.Fatal(err)
	}
	secrets := 0
	for _, change := range plan.ResourceChanges {
		secret := strings.HasPrefix(change.Type, "machineid_") && regexp.MustCompile("(key|credential)$").MatchString(change.Type) &&
			change.Mode == tfjson.ManagedResourceMode
		if secret {
			secrets++
		}
		if change.Mode == tfjson.ManagedResourceMode && change.Change.Actions.Replace() != secret {
			t.Errorf("%s is to be changed by %q", change.Address, change.Change.Actions)
		}
	}
	if secrets != 7 {
		t.Errorf("the plan has %d secrets", secrets)
	}
	if printed, err := scripts.Run(blocks[1][1] + "terraform plan -detailed-exitcode && ! ls rotate.tfplan"); err != nil {
		t.Error(printed)
	}
	renewed := secretsInState(t, scripts)
	if len(renewed) != len(leaked) {
		t.Errorf("the state has %d secrets afterwards", len(renewed))
	}
	for secret, address := range renewed {
		if leaked[secret] != "" {
			t.Errorf("%s still has the leaked secret of %s", address, leaked[secret])
		}
	}
	if printed, err := scripts.Run("terraform destroy -auto-approve -input=false"); err != nil {
		t.Error(printed)
	}
}

// secretsInState are the addresses in the state by the secrets that they have.
func secretsInState(t *testing.T, scripts *acctest.Scripts) map[string]string {
	t.Helper()
	if printed, err := scripts.Run("terraform show -json > state.json"); err != nil {
		t.Fatal(printed)
	}
	var state tfjson.State
	if err := json.Unmarshal([]byte(read(t, filepath.Join(scripts.Folder, "state.json"))), &state); err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	var add func(address string, values map[string]any)
	add = func(address string, values map[string]any) {
		for name, value := range values {
			switch value := value.(type) {
			case string:
				if name == "key" || name == "secret" || name == "client_secret" {
					found[value] = address
				}
			case map[string]any:
				add(address, value)
			}
		}
	}
	modules := []*tfjson.StateModule{state.Values.RootModule}
	for len(modules) > 0 {
		module := modules[0]
		modules = append(modules[1:], module.ChildModules...)
		for _, resource := range module.Resources {
			add(resource.Address, resource.AttributeValues)
		}
	}
	return found
}

// TestALeakedStateOfOthers runs the guide's filter over addresses of other providers.
func TestALeakedStateOfOthers(t *testing.T) {
	t.Parallel()
	section := leakedState.FindString(read(t, "../../templates/guides/respond-to-a-leak.md.tmpl"))
	filter := regexp.MustCompile(`grep -E '[^']*'`).FindString(section)
	scripts := acctest.NewScripts(t, nil)
	scripts.Write("addresses", `aws_kms_key.main
tls_private_key.ca
module.machineid_dt_service_account_key.aws_kms_key.main
module.a["x.machineid_dt_service_account_key.b"].aws_kms_key.main
module.a["\"].machineid_dt_service_account_key.b"].aws_kms_key.main
data.machineid_zenml_api_key.k
module.a.data.machineid_zenml_api_key.k
module.a["x"].module.b[0].data.machineid_zenml_api_key.k
machineid_dt_service_account.k
module.a["data.machineid_\"]x"].module.b[0].machineid_zenml_rotating_api_key.k["data.lake"]
`)
	got, err := scripts.Run(filter + " addresses")
	want := `module.a["data.machineid_\"]x"].module.b[0].machineid_zenml_rotating_api_key.k["data.lake"]` + "\n"
	if err != nil || got != want {
		t.Errorf("%s finds (%v)\n%s", filter, err, got)
	}
}
