package zenml_test

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

const keyAddress = "machineid_zenml_api_key.test"

var (
	keyConfig = config.StaticFile("testdata/api_key/key.tf")

	isKey = knownvalue.StringRegexp(regexp.MustCompile(`^ZENKEY_[A-Za-z0-9+/=]{160}$`))
)

func keyValue(attribute string, check knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(keyAddress, tfjsonpath.New(attribute), check)
}

// expectKey checks every attribute of the key under test but the rotation values.
func expectKey(name, description string, active bool) []statecheck.StateCheck {
	return []statecheck.StateCheck{
		keyValue("id", isUUID),
		keyValue("service_account_id", isUUID),
		keyValue("name", knownvalue.StringExact(name)),
		keyValue("description", knownvalue.StringExact(description)),
		keyValue("active", knownvalue.Bool(active)),
		keyValue("created", isMoment),
		keyValue("last_rotated", knownvalue.Null()),
		keyValue("key", isKey),
	}
}

// keyVars are the variables of the configuration: the account's name and what else is given.
func keyVars(name string, more config.Variables) config.Variables {
	vars := config.Variables{"name": config.StringVariable(name)}
	for variable, value := range more {
		vars[variable] = value
	}
	return vars
}

func TestAccAPIKeyLifecycle(t *testing.T) {
	server := target(t)
	name := unique("key")
	var key, account string
	sameID, sameKey := statecheck.CompareValue(compare.ValuesSame()), statecheck.CompareValue(compare.ValuesSame())
	step := func(action plancheck.ResourceActionType, vars config.Variables, checks []statecheck.StateCheck, usable bool) resource.TestStep {
		return resource.TestStep{
			ConfigFile: keyConfig, ConfigVariables: keyVars(name, vars),
			ConfigPlanChecks: acctest.Planned(action, keyAddress),
			ConfigStateChecks: append(checks, keyValue("key", acctest.Remember(&key)), keyValue("service_account_id", acctest.Remember(&account)),
				sameID.AddStateValue(keyAddress, tfjsonpath.New("id")), sameKey.AddStateValue(keyAddress, tfjsonpath.New("key")),
				acctest.Then(func() error { return server.expectLogin(t, key, usable) })),
		}
	}
	acctest.Test(t, server.env,
		step(plancheck.ResourceActionCreate, nil, expectKey("ci", "", true), true),
		step(plancheck.ResourceActionUpdate, config.Variables{
			"key_name": config.StringVariable("renamed"), "description": config.StringVariable("for the pipelines"),
		}, expectKey("renamed", "for the pipelines", true), true),
		step(plancheck.ResourceActionUpdate, config.Variables{"active": config.BoolVariable(false)}, expectKey("ci", "", false), false),
		step(plancheck.ResourceActionUpdate, nil, expectKey("ci", "", true), true),
		resource.TestStep{
			ResourceName: keyAddress, ImportState: true, ImportStateVerify: true, ImportStateVerifyIgnore: []string{"key"},
			ImportStateIdFunc: importKeyID,
			ConfigFile:        keyConfig, ConfigVariables: keyVars(name, nil),
		},
	)
	if _, accepted := server.hand.loginWithKey(t, key); accepted {
		t.Error("the key is accepted after destroy")
	}
	if left := server.hand.countAccounts(t, name); left != 0 {
		t.Errorf("%d accounts left after destroy", left)
	}
}

// expectLogin tells if a key is not accepted or refused as it should be.
func (s server) expectLogin(t testing.TB, key string, want bool) error {
	t.Helper()
	if _, accepted := s.hand.loginWithKey(t, key); accepted != want {
		return fmt.Errorf("a login with the key succeeds: %t, want %t", accepted, want)
	}
	return nil
}

// importKeyID is the id by which a key is imported.
func importKeyID(state *terraform.State) (string, error) {
	attributes := state.RootModule().Resources[keyAddress].Primary.Attributes
	return attributes["service_account_id"] + "/" + attributes["id"], nil
}

func TestAccAPIKeyThatIsBornInactive(t *testing.T) {
	server := target(t)
	var key string
	acctest.Test(t, server.env, resource.TestStep{
		ConfigFile: keyConfig, ConfigVariables: keyVars(unique("inactive"), config.Variables{"active": config.BoolVariable(false)}),
		ConfigStateChecks: append(expectKey("ci", "", false), keyValue("key", acctest.Remember(&key)),
			acctest.Then(func() error { return server.expectLogin(t, key, false) })),
	})
}

func TestAccAPIKeyRotateWhenChanged(t *testing.T) {
	server := target(t)
	name := unique("rotate")
	var key, previous string
	step := func(action plancheck.ResourceActionType, vars config.Variables, replaced bool) resource.TestStep {
		return resource.TestStep{
			PreConfig:  func() { previous = key },
			ConfigFile: keyConfig, ConfigVariables: keyVars(name, vars),
			ConfigPlanChecks: acctest.Planned(action, keyAddress),
			ConfigStateChecks: append(expectKey("ci", "", true), keyValue("key", acctest.Remember(&key)), acctest.Then(func() error {
				if (key != previous) != replaced {
					return fmt.Errorf("the key was replaced: %t, want %t", key != previous, replaced)
				}
				if previous == "" {
					return server.expectLogin(t, key, true)
				}
				return errors.Join(server.expectLogin(t, key, true), server.expectLogin(t, previous, !replaced))
			})),
		}
	}
	rotate := func(values map[string]string) config.Variables {
		return config.Variables{"rotate": acctest.StringMap(values)}
	}
	one, two := rotate(map[string]string{"quarter": "1"}), rotate(map[string]string{"quarter": "2"})
	acctest.Test(t, server.env,
		step(plancheck.ResourceActionCreate, nil, true),
		step(plancheck.ResourceActionUpdate, one, false), // a map that comes is no rotation
		step(plancheck.ResourceActionDestroyBeforeCreate, two, true),
		step(plancheck.ResourceActionDestroyBeforeCreate, rotate(nil), true),
		step(plancheck.ResourceActionUpdate, nil, false), // nor is one that goes
	)
}

// A use moves last_login and updated on the server, and must not show.
func TestAccAPIKeyInUsePlansNothing(t *testing.T) {
	server := target(t)
	var key string
	vars := keyVars(unique("used"), nil)
	acctest.Test(t, server.env,
		resource.TestStep{ConfigFile: keyConfig, ConfigVariables: vars, ConfigStateChecks: []statecheck.StateCheck{keyValue("key", acctest.Remember(&key))}},
		resource.TestStep{
			PreConfig:  func() { server.hand.useKey(t, key) },
			ConfigFile: keyConfig, ConfigVariables: vars,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan(), acctest.ExpectNoDrift()}},
		},
	)
}

func TestAccAPIKeyDrift(t *testing.T) {
	server := target(t)
	var id, account, key string
	vars := keyVars(unique("keydrift"), nil)
	again := func(action plancheck.ResourceActionType, meanwhile func()) resource.TestStep {
		return resource.TestStep{
			PreConfig: meanwhile, ConfigFile: keyConfig, ConfigVariables: vars,
			ConfigPlanChecks: acctest.Planned(action, keyAddress),
			ConfigStateChecks: append(expectKey("ci", "", true), keyValue("id", acctest.Remember(&id)),
				keyValue("service_account_id", acctest.Remember(&account)), keyValue("key", acctest.Remember(&key))),
		}
	}
	change := func(fields map[string]any) func() {
		return func() { server.hand.updateKey(t, account, id, fields) }
	}
	acctest.Test(t, server.env,
		again(plancheck.ResourceActionCreate, nil),
		again(plancheck.ResourceActionUpdate, change(map[string]any{"name": "renamed"})),
		again(plancheck.ResourceActionUpdate, change(map[string]any{"active": false})),
		again(plancheck.ResourceActionUpdate, change(map[string]any{"description": "x"})),
		again(plancheck.ResourceActionReplace, func() { server.hand.rotateKey(t, account, id, 0) }),
		again(plancheck.ResourceActionCreate, func() { server.hand.deleteKey(t, account, id) }),
		again(plancheck.ResourceActionCreate, func() { server.hand.deleteAccount(t, account) }),
	)
	if _, accepted := server.hand.loginWithKey(t, key); accepted {
		t.Error("the key is accepted after destroy")
	}
}

func TestAccAPIKeyNameThatIsTaken(t *testing.T) {
	server := target(t)
	name := unique("keytaken")
	account := server.hand.createAccount(t, name)
	t.Cleanup(func() { server.hand.deleteAccount(t, account) })
	id, _ := server.hand.createKey(t, account, "ci")
	acctest.Test(t, server.env, resource.TestStep{
		Config: `resource "machineid_zenml_api_key" "test" {
			service_account_id = "` + account + `"
			name               = "ci"
		}`,
		ExpectError: acctest.Says("Cannot create ZenML API key", "status 409", "create_before_destroy", "terraform import", account+"/"+id),
	})
	if server.hand.countKeys(t, account, "ci") != 1 {
		t.Error("the key that has the name was touched")
	}
}

// ZenML's names are unique, so that the two keys of a replacement cannot live side by side.
func TestAccAPIKeyCreateBeforeDestroyIsExplained(t *testing.T) {
	server := target(t)
	name := unique("cbd")
	step := func(quarter string, expect *regexp.Regexp) resource.TestStep {
		return resource.TestStep{ExpectError: expect, Config: `
			resource "machineid_zenml_service_account" "test" { name = "` + name + `" }
			resource "machineid_zenml_api_key" "test" {
				service_account_id  = machineid_zenml_service_account.test.id
				name                = "ci"
				rotate_when_changed = { quarter = "` + quarter + `" }
				lifecycle { create_before_destroy = true }
			}`}
	}
	acctest.Test(t, server.env,
		step("1", nil),
		step("2", acctest.Says("Cannot create ZenML API key", "cannot hold the old and the new key under one name")),
		step("1", nil),
	)
}

func TestAccAPIKeyOfAnUnknownOrOtherAccount(t *testing.T) {
	server := target(t)
	name := unique("other")
	account, other := server.hand.createAccount(t, name), server.hand.createAccount(t, name+"-other")
	t.Cleanup(func() {
		server.hand.deleteAccount(t, account)
		server.hand.deleteAccount(t, other)
	})
	id, _ := server.hand.createKey(t, account, "ci")
	const nowhere = "0b9f2c1e-4d5a-4c3b-9a8f-7e6d5c4b3a29"
	keyOf := func(account string) string {
		return "resource \"machineid_zenml_api_key\" \"test\" {\n service_account_id = \"" + account + "\"\n name = \"ci\"\n}"
	}
	importAs := func(id string, want ...string) resource.TestStep {
		return resource.TestStep{ResourceName: keyAddress, ImportState: true, ImportStateId: id, Config: keyOf(other), ExpectError: acctest.Says(want...)}
	}
	acctest.Test(t, server.env,
		resource.TestStep{Config: keyOf(nowhere), ExpectError: acctest.Says("Cannot create ZenML API key", nowhere, "status 404", "No service account")},
		importAs(other+"/"+id, "Cannot import non-existent remote object"),
		importAs(nowhere+"/"+id, "Cannot import non-existent remote object"),
		importAs(id, "Invalid import id", "<service account UUID>/<key UUID>"),
		importAs(account+"/ci", "Invalid import id", "find both by name"),
	)
}

func TestAccAPIKeyBadInput(t *testing.T) {
	server := target(t)
	const account = `service_account_id = "0b9f2c1e-4d5a-4c3b-9a8f-7e6d5c4b3a29"` + "\n"
	bad := func(lines string, want string) resource.TestStep {
		return resource.TestStep{
			Config:   "resource \"machineid_zenml_api_key\" \"test\" {\n" + lines + "\n}",
			PlanOnly: true, ExpectError: acctest.Says(want),
		}
	}
	acctest.Test(t, server.env,
		bad(account+`name = ""`, "name UTF-8 character count must be between 1 and 255"),
		bad(account+`name = "`+strings.Repeat("x", 256)+`"`, "name UTF-8 character count must be between 1 and 255"),
		bad(account+`name = "0b9f2c1e-4d5a-4c3b-9a8f-7e6d5c4b3a29"`, "Name has the form of a UUID"),
		bad(account+"name = \"x\"\ndescription = \""+strings.Repeat("x", 65536)+`"`, "description UTF-8 character count must be at most 65535"),
		bad("name = \"x\"\nservice_account_id = \"ci\"", "service_account_id must be a UUID in lower case"),
		bad("name = \"x\"\nservice_account_id = \"0B9F2C1E-4D5A-4C3B-9A8F-7E6D5C4B3A29\"", "service_account_id must be a UUID in lower case"),
	)
}
