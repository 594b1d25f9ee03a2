package neowit_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

func TestAccDataSources(t *testing.T) {
	server := target(t)
	account, inChild := server.hand.createAccount(t, "", "looked up"), server.hand.createAccount(t, server.child, "in the child")
	server.hand.patch(t, account, map[string]any{"enableBasicAuth": true})
	first, _ := server.hand.createKey(t, account)
	second, _ := server.hand.createKey(t, account)
	today := knownvalue.Int64Exact(0)
	details := func(id, name string, basic bool, keys ...string) map[string]knownvalue.Check {
		checks := make([]knownvalue.Check, len(keys))
		for i, key := range keys {
			checks[i] = knownvalue.MapExact(map[string]knownvalue.Check{
				"key_id": knownvalue.StringExact(key), "created": isMoment, "created_unix": knownvalue.NotNull(), "age_days": today,
			})
		}
		return map[string]knownvalue.Check{
			"id": knownvalue.StringExact(id), "name": knownvalue.StringExact(name), "enable_basic_auth": knownvalue.Bool(basic),
			"created": isMoment, "created_unix": knownvalue.NotNull(), "age_days": today, "keys": knownvalue.ListExact(checks),
		}
	}
	lookup := func(name string, organization knownvalue.Check, whole map[string]knownvalue.Check) statecheck.StateCheck {
		whole["org_id"] = organization
		return acctest.ExpectWhole("data.machineid_neowit_service_account."+name, knownvalue.MapExact(whole))
	}
	list := func(name string, checks ...knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue("data.machineid_neowit_service_accounts."+name, tfjsonpath.New("service_accounts"), knownvalue.ListExact(checks))
	}
	ofChild := knownvalue.StringExact(server.child)
	steps := []resource.TestStep{}
	for _, switches := range []map[string]string{
		{}, {"list_envelope": "array", "empty_keys": "null"}, {"get": "off", "omit_false": "on", "empty_keys": "omit"},
	} {
		steps = append(steps, resource.TestStep{
			PreConfig:  func() { server.box.Set(t, "neowit", switches) },
			ConfigFile: config.StaticFile("testdata/data_sources/all.tf"), ConfigVariables: vars("account", account, "org_id", server.child),
			ConfigStateChecks: []statecheck.StateCheck{
				lookup("by_id", knownvalue.Null(), details(account, "looked up", true, first, second)),
				lookup("by_name", knownvalue.Null(), details(account, "looked up", true, first, second)),
				lookup("in_child", ofChild, details(inChild, "in the child", false)),
				list("test",
					knownvalue.MapExact(details(server.env["NEOWIT_SERVICE_ACCOUNT_ID"], "terraform", false, server.env["NEOWIT_KEY_ID"])),
					knownvalue.MapExact(details(account, "looked up", true, first, second))),
				list("in_child", knownvalue.MapExact(details(inChild, "in the child", false))),
			},
		})
	}
	acctest.Test(t, server.env, steps...)
}

// Data sources look in the provider's organization, as resources are made in it.
func TestDataSourcesInTheDefaultOrganization(t *testing.T) {
	t.Parallel()
	server := target(t)
	id := server.hand.createAccount(t, server.child, "ci")
	w := acctest.NewWorkspace(t, acctest.With(server.env, "NEOWIT_ORG_ID", server.child))
	w.Write("main.tf", `
data "machineid_neowit_service_account" "test" { name = "ci" }
data "machineid_neowit_service_accounts" "test" {}
output "found" { value = [data.machineid_neowit_service_account.test.id, data.machineid_neowit_service_accounts.test.service_accounts[*].name] }
`)
	w.MustApply()
	if found, _ := w.Output("found").([]any); len(found) != 2 || found[0] != id || len(found[1].([]any)) != 1 {
		t.Errorf("found %v", found)
	}
}

func TestAccLookupsThatFail(t *testing.T) {
	server := target(t)
	server.set(t, "unique_names", "off")
	first := server.hand.createAccount(t, "", "twin")
	second := server.hand.createAccount(t, "", "twin")
	inChild := server.hand.createAccount(t, server.child, "child")
	look := func(line string, want ...string) resource.TestStep {
		return resource.TestStep{
			Config:   "data \"machineid_neowit_service_account\" \"test\" {\n " + line + "\n}",
			PlanOnly: true, ExpectError: acctest.Says(want...),
		}
	}
	turned := func(step resource.TestStep, switches map[string]string) resource.TestStep {
		step.PreConfig = func() { server.box.Set(t, "neowit", switches) }
		return step
	}
	const checkAddress = "Check neowit.base_url (NEOWIT_BASE_URL)"
	acctest.Test(t, server.env,
		look(`name = "twin"`, "More than one Neowit service account", `2 service accounts with the name "twin"`, "Set id to choose one", "- "+first, "- "+second),
		look(`name = "nobody"`, "No such Neowit service account", `the name "nobody"`),
		look(`name = "TWIN"`, "No such Neowit service account"),
		look(`id = "0000000000000000000000"`, "No such Neowit service account", `the id "0000000000000000000000"`),
		look(`id = "`+inChild+`"`, "No such Neowit service account"),
		look(`name = "child"`, "No such Neowit service account"),
		look(`id = "a/b"`, "id must be an id, without slashes and blanks"),
		look(`name = " ci"`, "name must not be empty, and not begin or end with a blank"),
		look(``, "Exactly one of these attributes must be configured"),
		look("id = \"a\"\n name = \"b\"", "Exactly one of these attributes must be configured"),
		turned(look(`name = "terraform"`, "Cannot list Neowit service accounts", "list has more pages"), map[string]string{"next_page": "on"}),
		turned(look(`name = "twin"`, "Cannot list Neowit service accounts", "status 404", checkAddress), map[string]string{"next_page": "off", "list": "off"}),
		turned(look(`id = "`+first+`"`, "Cannot read Neowit service account", "status 404", checkAddress), map[string]string{"get": "off"}),
	)
}
