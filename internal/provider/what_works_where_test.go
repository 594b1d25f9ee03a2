package provider_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

const whatWorksWhere = "../../templates/guides/what-works-where.md.tmpl"

// feature is something that a CLI may lack.
type feature struct {
	// files are the configuration, and script uses the feature.
	files  map[string]string
	script string
	// lacking is what a CLI says that lacks it; "" if all have it.
	lacking string
}

const account = "resource \"machineid_zenml_service_account\" \"one\" {\n  name = \"one\"\n}\n"

// features are the rows of the table, but for those that other tests hold on every CLI.
var features = map[string]feature{
	"Import by identity": {
		files: map[string]string{"main.tf": account + `
			import {
				to = machineid_zenml_service_account.one
				identity = { id = "00000000-0000-4000-8000-000000000000" }
			}
		`},
		// That there is no such account is the provider's word, so that the CLI has asked it.
		script:  `terraform plan -no-color 2>&1 | tee printed || grep -q 'Cannot import non-existent remote object' printed`,
		lacking: `The argument "id" is required, but no definition was found.`,
	},
	"Opening in an apply what no change needs": {
		files: map[string]string{"main.tf": "ephemeral \"machineid_dt_access_token\" \"one\" {\n  mint_when = terraform.applying\n}\n"},
		// All open it in the plan.
		script: `terraform apply -no-color -auto-approve | tee printed && test "$(grep -c 'one: Opening[.][.]' printed)" -eq 2`,
	},
	"List resources and `terraform query`": {
		files: map[string]string{
			"main.tf":           account,
			"found.tfquery.hcl": "list \"machineid_zenml_service_account\" \"all\" {\n  provider = machineid\n}\n",
		},
		script:  `terraform apply -no-color -auto-approve && terraform query -no-color | tee printed && grep -q 'one' printed`,
		lacking: `has no command named "query"`,
	},
}

// TestWhatWorksWhere sees that the guide's table is right on the CLI at hand.
func TestWhatWorksWhere(t *testing.T) {
	t.Parallel()
	page := read(t, whatWorksWhere)
	for name, feature := range features {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.NewScripts(t, acctest.Sandbox(t).Env())
			works := worksHere(t, page, name, s)
			for file, content := range feature.files {
				s.Write(file, content)
			}
			printed, err := s.Run("terraform init -no-color >/dev/null\n" + feature.script)
			switch {
			case works && err != nil:
				t.Errorf("the guide says that it works: %v\n%s", err, printed)
			case !works && (err == nil || !strings.Contains(printed, feature.lacking)):
				t.Errorf("the guide says that it does not: %v\n%s", err, printed)
			case !strings.Contains(page, feature.lacking):
				t.Errorf("the guide does not tell of %q", feature.lacking)
			}
		})
	}
}

// cliVersion is what both CLIs print first of their version.
var cliVersion = regexp.MustCompile(`^(Terraform|OpenTofu) v(\d+\.\d+)\.`)

// worksHere is what the table says of a feature for the CLI that the scripts run.
func worksHere(t *testing.T, page, name string, s *acctest.Scripts) bool {
	t.Helper()
	printed, err := s.Run("terraform version")
	if err != nil {
		t.Fatal(err)
	}
	cli := cliVersion.FindStringSubmatch(printed)
	if cli == nil {
		t.Fatalf("the CLI says %q", printed)
	}
	column := 0
	for line := range strings.Lines(page) {
		if !strings.HasPrefix(line, "|") {
			continue
		}
		cells := strings.Split(strings.Trim(line, "|\n"), "|")
		if strings.TrimSpace(cells[0]) == "Feature" {
			for i, cell := range cells {
				versions, ok := strings.CutPrefix(strings.TrimSpace(cell), cli[1]+" ")
				if ok && strings.Contains(versions+",", cli[2]+",") {
					column = i
				}
			}
			if column == 0 {
				t.Skipf("the guide does not tell of %s %s", cli[1], cli[2])
			}
		}
		if strings.TrimSpace(cells[0]) == name {
			return strings.TrimSpace(cells[column]) == "yes"
		}
	}
	t.Fatalf("the table has no row %q", name)
	return false
}

// TestEphemeralTokenForAWriteOnlyArgument hands a token to another provider, which keeps it out of plans and states.
func TestEphemeralTokenForAWriteOnlyArgument(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t, tfversion.Version1_11_0, "a write-only argument")
	safe := &keeper{}
	resource.Test(t, resource.TestCase{
		IsUnitTest: true,
		ProtoV6ProviderFactories: map[string]func() (tfprotov6.ProviderServer, error){
			"machineid": acctest.Provider(acctest.Sandbox(t).Env()),
			"keeper":    safe.serve,
		},
		Steps: []resource.TestStep{{Config: `
			ephemeral "machineid_dt_access_token" "test" {}

			resource "keeper_secret" "test" {
				value_wo = ephemeral.machineid_dt_access_token.test.access_token
			}
		`}},
	})
	if handed := safe.handed(); len(handed) != 1 || handed[0] == "" {
		t.Errorf("the other provider was handed %d values, or an empty one", len(handed))
	}
}
