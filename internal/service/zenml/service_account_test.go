package zenml_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

const accountAddress = "machineid_zenml_service_account.test"

var (
	minimalAccount = config.StaticFile("testdata/service_account/minimal.tf")
	fullAccount    = config.StaticFile("testdata/service_account/full.tf")

	isUUID   = knownvalue.StringRegexp(regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`))
	isMoment = knownvalue.StringRegexp(regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$`))
)

// expectAccount checks every attribute of the account under test.
func expectAccount(name, fullName, description, avatarURL string, active bool) []statecheck.StateCheck {
	value := func(attribute string, check knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue(accountAddress, tfjsonpath.New(attribute), check)
	}
	return []statecheck.StateCheck{
		value("id", isUUID),
		value("name", knownvalue.StringExact(name)),
		value("full_name", knownvalue.StringExact(fullName)),
		value("description", knownvalue.StringExact(description)),
		value("avatar_url", knownvalue.StringExact(avatarURL)),
		value("active", knownvalue.Bool(active)),
		value("created", isMoment),
	}
}

func TestAccServiceAccountLifecycle(t *testing.T) {
	server := target(t)
	name := unique("lifecycle")
	vars := func(name string) config.Variables { return config.Variables{"name": config.StringVariable(name)} }
	inactive := vars(name + "-renamed")
	inactive["active"] = config.BoolVariable(false)
	same := statecheck.CompareValue(compare.ValuesSame())
	const description = `Runs the pipelines: "nightly" & ünïcode`
	id := tfjsonpath.New("id")

	acctest.Test(t, server.env,
		resource.TestStep{
			ConfigFile: minimalAccount, ConfigVariables: vars(name),
			ConfigPlanChecks:  acctest.Planned(plancheck.ResourceActionCreate, accountAddress),
			ConfigStateChecks: append(expectAccount(name, "", "", "", true), same.AddStateValue(accountAddress, id)),
		},
		resource.TestStep{
			ConfigFile: fullAccount, ConfigVariables: vars(name + "-renamed"),
			ConfigPlanChecks: acctest.Planned(plancheck.ResourceActionUpdate, accountAddress),
			ConfigStateChecks: append(expectAccount(name+"-renamed", "Continuous Integration", description, "https://example.com/ci.png", true),
				same.AddStateValue(accountAddress, id)),
		},
		resource.TestStep{
			ConfigFile: fullAccount, ConfigVariables: inactive,
			ConfigPlanChecks: acctest.Planned(plancheck.ResourceActionUpdate, accountAddress),
			ConfigStateChecks: append(expectAccount(name+"-renamed", "Continuous Integration", description, "https://example.com/ci.png", false),
				same.AddStateValue(accountAddress, id)),
		},
		resource.TestStep{
			ResourceName: accountAddress, ImportState: true, ImportStateVerify: true,
			ConfigFile: fullAccount, ConfigVariables: inactive,
		},
		resource.TestStep{
			ConfigFile: minimalAccount, ConfigVariables: vars(name),
			ConfigPlanChecks:  acctest.Planned(plancheck.ResourceActionUpdate, accountAddress),
			ConfigStateChecks: append(expectAccount(name, "", "", "", true), same.AddStateValue(accountAddress, id)),
		},
	)
	if left := server.hand.countAccounts(t, name); left != 0 {
		t.Errorf("%d accounts left after destroy", left)
	}
}

func TestAccServiceAccountLifecycleFromFull(t *testing.T) {
	server := target(t)
	name := unique("full")
	vars := config.Variables{"name": config.StringVariable(name), "active": config.BoolVariable(false)}
	acctest.Test(t, server.env, resource.TestStep{
		ConfigFile: fullAccount, ConfigVariables: vars,
		ConfigStateChecks: expectAccount(name, "Continuous Integration", `Runs the pipelines: "nightly" & ünïcode`, "https://example.com/ci.png", false),
	})
}

func TestAccServiceAccountDrift(t *testing.T) {
	server := target(t)
	name := unique("drift")
	vars := config.Variables{"name": config.StringVariable(name)}
	var id string
	keepID := statecheck.ExpectKnownValue(accountAddress, tfjsonpath.New("id"), acctest.Remember(&id))
	again := func(action plancheck.ResourceActionType, meanwhile func()) resource.TestStep {
		return resource.TestStep{
			PreConfig: meanwhile, ConfigFile: minimalAccount, ConfigVariables: vars,
			ConfigPlanChecks:  acctest.Planned(action, accountAddress),
			ConfigStateChecks: append(expectAccount(name, "", "", "", true), keepID),
		}
	}
	change := func(fields map[string]any) func() {
		return func() { server.hand.updateAccount(t, id, fields) }
	}
	acctest.Test(t, server.env,
		again(plancheck.ResourceActionCreate, nil),
		again(plancheck.ResourceActionUpdate, change(map[string]any{"name": name + "-other"})),
		again(plancheck.ResourceActionUpdate, change(map[string]any{"active": false})),
		again(plancheck.ResourceActionUpdate, change(map[string]any{"full_name": "x", "description": "y", "avatar_url": "https://example.com/z.png"})),
		again(plancheck.ResourceActionNoop, change(map[string]any{})), // moves `updated`, which is nobody's business
		again(plancheck.ResourceActionCreate, func() { server.hand.deleteAccount(t, id) }),
	)
}

func TestAccServiceAccountThatIsGoneAtDestroy(t *testing.T) {
	server := target(t)
	name := unique("gone")
	var id string
	acctest.Test(t, server.env,
		resource.TestStep{
			ConfigFile: minimalAccount, ConfigVariables: config.Variables{"name": config.StringVariable(name)},
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(accountAddress, tfjsonpath.New("id"), acctest.Remember(&id))},
		},
		resource.TestStep{
			PreConfig:  func() { server.hand.deleteAccount(t, id) },
			ConfigFile: minimalAccount, ConfigVariables: config.Variables{"name": config.StringVariable(name)}, Destroy: true,
		},
	)
}

func TestAccServiceAccountNameThatIsTaken(t *testing.T) {
	server := target(t)
	name := unique("taken")
	id := server.hand.createAccount(t, name)
	t.Cleanup(func() { server.hand.deleteAccount(t, id) })
	acctest.Test(t, server.env, resource.TestStep{
		ConfigFile: minimalAccount, ConfigVariables: config.Variables{"name": config.StringVariable(name)},
		ExpectError: acctest.Says("Cannot create ZenML service account", "status 409", "terraform import", id),
	})
	if server.hand.countAccounts(t, name) != 1 {
		t.Error("the account that has the name was touched")
	}
}

func TestAccServiceAccountThatOwnsThings(t *testing.T) {
	server := target(t)
	name := unique("owner")
	vars := config.Variables{"name": config.StringVariable(name)}
	var id string
	var end func()
	acctest.Test(t, server.env,
		resource.TestStep{
			ConfigFile: minimalAccount, ConfigVariables: vars,
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(accountAddress, tfjsonpath.New("id"), acctest.Remember(&id))},
		},
		resource.TestStep{
			PreConfig:  func() { end = server.makeOwner(t, id) },
			ConfigFile: minimalAccount, ConfigVariables: vars, Destroy: true,
			ExpectError: acctest.Says("Cannot delete ZenML service account", "status 403", "set active = false"),
		},
		resource.TestStep{
			PreConfig:  func() { end() },
			ConfigFile: minimalAccount, ConfigVariables: vars,
			ConfigPlanChecks: acctest.Planned(plancheck.ResourceActionNoop, accountAddress),
		},
	)
}

func TestAccServiceAccountBadInput(t *testing.T) {
	server := target(t)
	bad := func(line, want string) resource.TestStep {
		return resource.TestStep{
			Config:      "resource \"machineid_zenml_service_account\" \"test\" {\n" + line + "\n}",
			PlanOnly:    true,
			ExpectError: acctest.Says(want),
		}
	}
	acctest.Test(t, server.env,
		bad(`name = ""`, "name UTF-8 character count must be between 1 and 255"),
		bad(`name = "`+strings.Repeat("x", 256)+`"`, "name UTF-8 character count must be between 1 and 255"),
		bad(`name = "0b9f2c1e-4d5a-4c3b-9a8f-7e6d5c4b3a29"`, "Name has the form of a UUID"),
		bad(`name = "{0B9F2C1E4D5A4C3B9A8F7E6D5C4B3A29}"`, "Name has the form of a UUID"),
		bad("name = \"x\"\nfull_name = \""+strings.Repeat("x", 256)+`"`, "full_name UTF-8 character count must be at most 255"),
		bad("name = \"x\"\ndescription = \""+strings.Repeat("x", 65536)+`"`, "description UTF-8 character count must be at most 65535"),
	)
}

func TestAccServiceAccountImportByBadID(t *testing.T) {
	server := target(t)
	vars := config.Variables{"name": config.StringVariable("never-made")}
	bad := func(id string, want ...string) resource.TestStep {
		return resource.TestStep{
			ResourceName: accountAddress, ImportState: true, ImportStateId: id,
			ConfigFile: minimalAccount, ConfigVariables: vars, ExpectError: acctest.Says(want...),
		}
	}
	acctest.Test(t, server.env,
		bad("never-made", "Invalid import id", "UUID"),
		bad("0B9F2C1E-4D5A-4C3B-9A8F-7E6D5C4B3A29", "Invalid import id", "lower case"),
		bad("0b9f2c1e-4d5a-4c3b-9a8f-7e6d5c4b3a29", "Cannot import non-existent remote object"),
	)
}

func TestAccServiceAccountImportByIdentity(t *testing.T) {
	server := target(t)
	name := unique("identity")
	vars := config.Variables{"name": config.StringVariable(name)}
	acctest.RequireCLI(t, tfversion.Version1_12_0, "import by identity")
	acctest.Test(t, server.env,
		resource.TestStep{
			ConfigFile: minimalAccount, ConfigVariables: vars,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectIdentityValueMatchesState(accountAddress, tfjsonpath.New("id")),
			},
		},
		resource.TestStep{
			ResourceName: accountAddress, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity,
			ConfigFile: minimalAccount, ConfigVariables: vars,
		},
	)
}

// makeOwner lets the account own something, so that the server refuses to delete it, until end is called.
func (s server) makeOwner(t testing.TB, account string) (end func()) {
	t.Helper()
	if s.box != nil {
		s.box.Set(t, "zenml", map[string]string{"owns_resources": account})
		return func() { s.box.Set(t, "zenml", map[string]string{"owns_resources": ""}) }
	}
	id, key := s.hand.createKey(t, account, unique("owner"))
	owner, ok := s.hand.loginWithKey(t, key)
	if !ok {
		t.Fatal("the new key is refused")
	}
	tag, _ := acctest.At(owner.must(t, http.MethodPost, "/tags", map[string]any{"name": "owned-by-" + account, "exclusive": false}), "id").(string)
	s.hand.deleteKey(t, account, id)
	return func() { s.hand.must(t, http.MethodDelete, "/tags/"+tag, nil) }
}
