package zenml_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

func TestAccServiceAccountDataSource(t *testing.T) {
	server := target(t)
	name := unique("lookup")
	expected := knownvalue.ObjectExact(map[string]knownvalue.Check{
		"id":               isUUID,
		"name":             knownvalue.StringExact(name),
		"full_name":        knownvalue.StringExact("Continuous Integration"),
		"description":      knownvalue.StringExact("looked up"),
		"avatar_url":       knownvalue.StringExact("https://example.com/ci.png"),
		"active":           knownvalue.Bool(false),
		"created":          isMoment,
		"age_days":         knownvalue.Int64Exact(0),
		"updated":          isMoment,
		"external_user_id": knownvalue.Null(),
	})
	acctest.Test(t, server.env, resource.TestStep{
		ConfigFile:      config.StaticFile("testdata/service_accounts/lookup.tf"),
		ConfigVariables: config.Variables{"name": config.StringVariable(name)},
		ConfigStateChecks: []statecheck.StateCheck{
			acctest.ExpectWhole("data.machineid_zenml_service_account.by_id", expected),
			acctest.ExpectWhole("data.machineid_zenml_service_account.by_name", expected),
		},
	})
}

func TestAccServiceAccountsDataSource(t *testing.T) {
	t.Parallel()
	w := listWorkspace(t, target(t), "service_accounts", map[string]string{"prefix": unique("list")})
	if found := w.Output("either"); fmt.Sprint(found) != "[third first]" {
		t.Errorf("either: %v", found)
	}
	w.MustDestroy()
}

func TestAccAPIKeysDataSource(t *testing.T) {
	t.Parallel()
	w := listWorkspace(t, target(t), "api_keys", map[string]string{"name": unique("keylist")})
	w.MustDestroy()
}

// listWorkspace applies a configuration whose output "wrong" names the lists that found other than they should.
func listWorkspace(t *testing.T, server server, noun string, variables map[string]string) *acctest.Workspace {
	t.Helper()
	w := acctest.NewWorkspace(t, server.env)
	w.Copy("internal/service/zenml/testdata/" + noun + "/list.tf")
	w.Variables(variables)
	w.MustApply()
	w.MustBeQuiet()
	if wrong, ok := w.Output("wrong").(map[string]any); !ok || len(wrong) > 0 {
		t.Errorf("lists that found other than they should: %v", w.Output("wrong"))
	}
	return w
}

func TestAccAPIKeyDataSources(t *testing.T) {
	server := target(t)
	name := unique("keylookup")
	expected := knownvalue.ObjectExact(map[string]knownvalue.Check{
		"service_account_id":    isUUID,
		"id":                    isUUID,
		"name":                  knownvalue.StringExact("ci"),
		"description":           knownvalue.StringExact("looked up"),
		"active":                knownvalue.Bool(true),
		"retain_period_minutes": knownvalue.Int64Exact(0),
		"created":               isMoment,
		"age_days":              knownvalue.Int64Exact(0),
		"updated":               isMoment,
		"last_login":            knownvalue.Null(),
		"unused_days":           knownvalue.Int64Exact(0),
		"last_rotated":          knownvalue.Null(),
	})
	acctest.Test(t, server.env, resource.TestStep{
		ConfigFile:      config.StaticFile("testdata/api_keys/lookup.tf"),
		ConfigVariables: config.Variables{"name": config.StringVariable(name)},
		ConfigStateChecks: []statecheck.StateCheck{
			acctest.ExpectWhole("data.machineid_zenml_api_key.by_id", expected),
			acctest.ExpectWhole("data.machineid_zenml_api_key.by_name", expected),
		},
	})
}

// What moves by itself is shown by the data sources.
func TestAccAPIKeyDataSourceShowsUseAndRotation(t *testing.T) {
	server := target(t)
	account := server.hand.createAccount(t, unique("volatile"))
	t.Cleanup(func() { server.hand.deleteAccount(t, account) })
	id, _ := server.hand.createKey(t, account, "ci")
	server.hand.useKey(t, server.hand.rotateKey(t, account, id, 7))
	const address = "data.machineid_zenml_api_key.test"
	acctest.Test(t, server.env, resource.TestStep{
		Config: fmt.Sprintf("data \"machineid_zenml_api_key\" \"test\" {\n service_account_id = %q\n name = \"ci\"\n}", account),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue(address, tfjsonpath.New("last_login"), isMoment),
			statecheck.ExpectKnownValue(address, tfjsonpath.New("last_rotated"), isMoment),
			statecheck.ExpectKnownValue(address, tfjsonpath.New("retain_period_minutes"), knownvalue.Int64Exact(7)),
		},
	})
}

func TestAccDataSourcesBadInput(t *testing.T) {
	server := target(t)
	name := unique("nobody")
	account := server.hand.createAccount(t, name+"-owner")
	t.Cleanup(func() { server.hand.deleteAccount(t, account) })
	const nowhere = "0b9f2c1e-4d5a-4c3b-9a8f-7e6d5c4b3a29"
	bad := func(kind, lines string, want ...string) resource.TestStep {
		return resource.TestStep{
			Config:   "data \"machineid_zenml_" + kind + "\" \"test\" {\n" + lines + "\n}",
			PlanOnly: true, ExpectError: acctest.Says(want...),
		}
	}
	ofAccount := "service_account_id = \"" + account + "\"\n"
	acctest.Test(t, server.env,
		bad("service_account", ``, "Exactly one of these attributes must be configured: [id,name]"),
		bad("service_account", "id = \""+nowhere+"\"\nname = \"x\"", "Exactly one of these attributes must be configured: [id,name]"),
		bad("service_account", `name = "`+name+`"`, "Cannot read ZenML service account", name, "There is no object of that name"),
		bad("service_account", `id = "`+nowhere+`"`, "Cannot read ZenML service account", "status 404", "Check the ids"),
		bad("service_account", `id = "ci"`, "id must be a UUID in lower case"),
		bad("api_key", ofAccount, "Exactly one of these attributes must be configured: [id,name]"),
		bad("api_key", ofAccount+`name = "`+name+`"`, "Cannot read ZenML API key", name, "There is no object of that name"),
		bad("api_key", "name = \"x\"\nservice_account_id = \""+nowhere+`"`, "Cannot read ZenML API key", "status 404", nowhere),
		bad("api_keys", `service_account_id = "`+nowhere+`"`, "Cannot list ZenML API keys", "status 404", nowhere),
		bad("service_accounts", `sort_by = "full_name"`, "sort_by must be one of the fields"),
		bad("service_accounts", `logical_operator = "xor"`, `logical_operator value must be one of: ["and" "or"]`),
		bad("service_accounts", `filter = { name = [] }`, `filter["name"] list must contain at least 1 elements`),
		bad("service_accounts", `filter = { name = [null] }`, "Null List Value"),
		bad("service_accounts", `filter = { active = ["maybe"] }`, "Cannot list ZenML service accounts", "status 422", "boolean"),
		bad("service_accounts", `filter = { full_name = ["x"] }`, `filter["full_name"] value must be one of`),
	)
}
