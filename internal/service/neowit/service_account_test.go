package neowit_test

import (
	"net/http"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

const accountAddress = "machineid_neowit_service_account.test"

var (
	accountFile = config.StaticFile("testdata/service_account/account.tf")

	isMoment = knownvalue.StringRegexp(regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`))
	isID     = knownvalue.StringRegexp(regexp.MustCompile(`^[0-9A-Za-z]{22}$`))
	isSecret = knownvalue.StringRegexp(regexp.MustCompile(`^[0-9A-Za-z_-]{43}$`))
)

// expectAccount checks every attribute of the account under test.
func expectAccount(organization knownvalue.Check, name string, enableBasicAuth bool) []statecheck.StateCheck {
	return []statecheck.StateCheck{acctest.ExpectWhole(accountAddress, acctest.PlainObject(map[string]knownvalue.Check{
		"org_id":            organization,
		"id":                isID,
		"name":              knownvalue.StringExact(name),
		"enable_basic_auth": knownvalue.Bool(enableBasicAuth),
		"created":           isMoment,
		"created_unix":      knownvalue.NotNull(),
	}))}
}

// vars are string variables, given as name and value in turn.
func vars(pairs ...string) config.Variables {
	variables := config.Variables{}
	for i := 0; i < len(pairs); i += 2 {
		variables[pairs[i]] = config.StringVariable(pairs[i+1])
	}
	return variables
}

func TestAccServiceAccountLifecycle(t *testing.T) {
	server := target(t)
	same, newer := statecheck.CompareValue(compare.ValuesSame()), statecheck.CompareValue(compare.ValuesDiffer())
	step := func(action plancheck.ResourceActionType, name string, basic bool) resource.TestStep {
		variables := vars("name", name)
		if basic {
			variables["enable_basic_auth"] = config.BoolVariable(true)
		}
		return resource.TestStep{
			ConfigFile: accountFile, ConfigVariables: variables,
			ConfigPlanChecks:  acctest.Planned(action, accountAddress),
			ConfigStateChecks: append(expectAccount(knownvalue.Null(), name, basic), same.AddStateValue(accountAddress, tfjsonpath.New("id"))),
		}
	}
	moved := step(plancheck.ResourceActionReplace, "in a child", false)
	moved.ConfigVariables["org_id"] = config.StringVariable(server.child)
	moved.ConfigStateChecks = append(expectAccount(knownvalue.StringExact(server.child), "in a child", false), newer.AddStateValue(accountAddress, tfjsonpath.New("id")))
	// An organization that the state does not have is no other one, so it is named first.
	named := step(plancheck.ResourceActionUpdate, "nightly & ünïcode/#?", false)
	named.ConfigVariables["org_id"] = config.StringVariable(server.own)
	named.ConfigStateChecks = append(expectAccount(knownvalue.StringExact(server.own), "nightly & ünïcode/#?", false), newer.AddStateValue(accountAddress, tfjsonpath.New("id")))

	acctest.Test(t, server.env,
		step(plancheck.ResourceActionCreate, "ci", false),
		step(plancheck.ResourceActionUpdate, "nightly", false),
		step(plancheck.ResourceActionUpdate, "nightly & ünïcode/#?", true),
		step(plancheck.ResourceActionNoop, "nightly & ünïcode/#?", true),
		step(plancheck.ResourceActionUpdate, "nightly & ünïcode/#?", false),
		named,
		moved,
	)
	if left := server.box.Made(t, "neowit"); len(left) != 0 {
		t.Errorf("left after destroy: %v", left)
	}
}

func TestAccServiceAccountDrift(t *testing.T) {
	server := target(t)
	var id string
	again := func(action plancheck.ResourceActionType, meanwhile func()) resource.TestStep {
		return resource.TestStep{
			PreConfig:  meanwhile,
			ConfigFile: accountFile, ConfigVariables: vars("name", "drift"),
			ConfigPlanChecks: acctest.Planned(action, accountAddress),
			ConfigStateChecks: append(expectAccount(knownvalue.Null(), "drift", false),
				statecheck.ExpectKnownValue(accountAddress, tfjsonpath.New("id"), acctest.Remember(&id)),
				acctest.Then(func() error {
					if found := server.account(t, id); found.Name != "drift" || found.EnableBasicAuth {
						t.Errorf("the drift was not repaired: %+v", found)
					}
					return nil
				})),
		}
	}
	change := func(fields map[string]any) func() { return func() { server.hand.patch(t, id, fields) } }
	remove := func() { server.hand.delete(t, id) }
	acctest.Test(t, server.env,
		again(plancheck.ResourceActionCreate, nil),
		again(plancheck.ResourceActionUpdate, change(map[string]any{"name": "renamed"})),
		again(plancheck.ResourceActionUpdate, change(map[string]any{"name": "drift "})),
		again(plancheck.ResourceActionUpdate, change(map[string]any{"enableBasicAuth": true})),
		// A key of somebody else's is nobody's business here.
		again(plancheck.ResourceActionNoop, func() { server.hand.createKey(t, id) }),
		again(plancheck.ResourceActionCreate, remove),
		resource.TestStep{PreConfig: remove, ConfigFile: accountFile, ConfigVariables: vars("name", "drift"), Destroy: true},
	)
}

// What was deleted elsewhere leaves the state with a warning, and what is in it with it.
func TestDeletedElsewhere(t *testing.T) {
	t.Parallel()
	server := target(t)
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", accountNamed("ci")+keyOf(accountAddress+".id"))
	w.MustApply()
	id, key := w.Value(accountAddress, "id").(string), w.Value(keyAddress, "key_id").(string)
	server.hand.delete(t, id)
	plan, printed, _ := w.Plan()
	if acctest.Actions(plan, accountAddress) != "create" || acctest.Actions(plan, keyAddress) != "create" ||
		!acctest.Said(printed, "Neowit service account was deleted outside Terraform", `Service account "ci" (`+id+`) no longer exists and leaves the state`) ||
		!acctest.Said(printed, "Neowit service account key was deleted outside Terraform", "Key "+key+" of service account "+id+", with that account, no longer exists") {
		t.Errorf("both are to leave the state with a warning:\n%s", printed)
	}
	w.MustApply()
	w.MustBeQuiet()
	w.MustDestroy()
}

// What was just made may not be visible yet. That it is missing is waited out, also when it is to be deleted at once.
func TestDelayedVisibility(t *testing.T) {
	t.Parallel()
	for _, get := range []string{"on", "off"} {
		t.Run("get="+get, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			server.box.Set(t, "clock", map[string]string{"offset": "0h"})
			server.set(t, "get", get)
			server.set(t, "read_delay_ms", "2500")
			w := acctest.NewWorkspace(t, server.env)
			w.Write("main.tf", accountNamed("ci")+keyOf(accountAddress+".id"))
			w.MustApply()
			server.box.ForgetRequests(t)
			w.MustBeQuiet()
			if made := server.box.Made(t, "neowit"); len(made) != 2 {
				t.Errorf("one of each was to be made; there are: %v", made)
			}
			if early := server.answered(t, http.MethodGet, http.StatusNotFound); early == 0 {
				t.Error("nothing was read too early, so nothing was tested")
			}
			w.MustDestroy()
			server.box.MustBeEmpty(t, "neowit")
		})
	}
}

func TestAccServiceAccountBadInput(t *testing.T) {
	server := target(t)
	bad := func(lines, want string) resource.TestStep {
		return resource.TestStep{
			Config:   "resource \"machineid_neowit_service_account\" \"test\" {\n" + lines + "\n}",
			PlanOnly: true, ExpectError: acctest.Says(want),
		}
	}
	const blank = "name must not be empty, and not begin or end with a blank"
	acctest.Test(t, server.env,
		bad(`name = ""`, blank),
		bad(`name = " "`, blank),
		bad(`name = " ci"`, blank),
		bad(`name = "ci "`, blank),
		bad(`name = "\tci"`, blank),
		bad(`name = "ci\n"`, blank),
		bad("name = \"ci\"\norg_id = \"a/b\"", "org_id must be an id, without slashes and blanks"),
		bad("name = \"ci\"\norg_id = \"\"", "org_id must be an id"),
		bad("name = \"ci\"\norg_id = \"a b\"", "org_id must be an id"),
		bad("name = \"ci\"\norg_id = \"a?x\"", "org_id must be an id"),
		bad("", `The argument "name" is required`),
	)
	server.box.MustBeUnasked(t)
}
