package dt_test

import (
	"fmt"
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

const accountAddress = "machineid_dt_service_account.test"

var (
	accountConfig = config.StaticFile("testdata/service_account/account.tf")

	isMoment = knownvalue.StringRegexp(regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$`))
	isID     = knownvalue.StringRegexp(regexp.MustCompile(`^[0-9a-v]{20}$`))
)

func matching(pattern string) knownvalue.Check {
	return knownvalue.StringRegexp(regexp.MustCompile("^" + pattern + "$"))
}

// expectAccount checks every attribute of the account under test.
func expectAccount(project, displayName string, enableBasicAuth bool) []statecheck.StateCheck {
	owner := last(project)
	return []statecheck.StateCheck{acctest.ExpectWhole(accountAddress, acctest.PlainObject(map[string]knownvalue.Check{
		"project":           knownvalue.StringExact(project),
		"id":                isID,
		"name":              matching("projects/" + owner + "/serviceaccounts/[0-9a-v]{20}"),
		"display_name":      knownvalue.StringExact(displayName),
		"enable_basic_auth": knownvalue.Bool(enableBasicAuth),
		"email":             matching(`[0-9a-v]{20}@` + owner + `\.serviceaccount\.d21s\.com`),
		"create_time":       isMoment,
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
	bare := last(server.project)
	same, newer := statecheck.CompareValue(compare.ValuesSame()), statecheck.CompareValue(compare.ValuesDiffer())
	step := func(action plancheck.ResourceActionType, project, displayName string, basic bool) resource.TestStep {
		variables := vars("project", project)
		if displayName != "" {
			variables["display_name"] = config.StringVariable(displayName)
		}
		if basic {
			variables["enable_basic_auth"] = config.BoolVariable(true)
		}
		return resource.TestStep{
			ConfigFile: accountConfig, ConfigVariables: variables,
			ConfigPlanChecks:  acctest.Planned(action, accountAddress),
			ConfigStateChecks: append(expectAccount(project, displayName, basic), same.AddStateValue(accountAddress, tfjsonpath.New("name"))),
		}
	}
	// Another spelling of the project is no change, and the state keeps its own.
	respelled := step(plancheck.ResourceActionNoop, server.project, "nightly & ünïcode", true)
	respelled.ConfigStateChecks = append(expectAccount(bare, "nightly & ünïcode", true), same.AddStateValue(accountAddress, tfjsonpath.New("name")))
	moved := step(plancheck.ResourceActionReplace, server.otherProject, "", false)
	moved.ConfigStateChecks = append(expectAccount(server.otherProject, "", false), newer.AddStateValue(accountAddress, tfjsonpath.New("name")))

	acctest.Test(t, server.env,
		step(plancheck.ResourceActionCreate, bare, "", false),
		step(plancheck.ResourceActionUpdate, bare, "nightly", false),
		step(plancheck.ResourceActionUpdate, bare, "nightly & ünïcode", true),
		respelled,
		step(plancheck.ResourceActionUpdate, bare, "nightly & ünïcode", false),
		step(plancheck.ResourceActionUpdate, bare, "", false),
		moved,
	)
	if left := server.box.Objects(t, "dt", "service_accounts"); len(left) != 0 {
		t.Errorf("left after destroy: %v", left)
	}
}

func TestAccServiceAccountDrift(t *testing.T) {
	server := target(t)
	var name string
	again := func(action plancheck.ResourceActionType, meanwhile func()) resource.TestStep {
		return resource.TestStep{
			PreConfig:  meanwhile,
			ConfigFile: accountConfig, ConfigVariables: vars("project", server.project, "display_name", "drift"),
			ConfigPlanChecks: acctest.Planned(action, accountAddress),
			ConfigStateChecks: append(expectAccount(server.project, "drift", false),
				statecheck.ExpectKnownValue(accountAddress, tfjsonpath.New("name"), acctest.Remember(&name))),
		}
	}
	change := func(fields map[string]any) func() { return func() { server.hand.patch(t, name, fields) } }
	acctest.Test(t, server.env,
		again(plancheck.ResourceActionCreate, nil),
		again(plancheck.ResourceActionUpdate, change(map[string]any{"displayName": "renamed"})),
		again(plancheck.ResourceActionUpdate, change(map[string]any{"displayName": ""})),
		again(plancheck.ResourceActionUpdate, change(map[string]any{"enableBasicAuth": true})),
		// Moves updateTime, which is nobody's business.
		again(plancheck.ResourceActionNoop, func() {
			server.hand.patch(t, name, map[string]any{"enableBasicAuth": true})
			server.hand.patch(t, name, map[string]any{"enableBasicAuth": false})
		}),
		again(plancheck.ResourceActionCreate, server.removed(t, &name, 1)),
		resource.TestStep{
			PreConfig:  server.removed(t, &name, 2),
			ConfigFile: accountConfig, ConfigVariables: vars("project", server.project, "display_name", "drift"), Destroy: true,
		},
	)
}

// What an update does not mention is left alone, so a change by somebody else between plan and apply survives.
func TestAccUpdateTouchesOnlyWhatThePlanChanges(t *testing.T) {
	t.Parallel()
	server := target(t)
	w := acctest.NewWorkspace(t, server.env)
	configuration := func(displayName string) string {
		return "resource \"machineid_dt_service_account\" \"test\" {\n  project = \"" + server.project + "\"\n  display_name = \"" + displayName + "\"\n}"
	}
	w.Write("main.tf", configuration("one"))
	w.MustApply()
	name, _ := w.Value(accountAddress, "name").(string)
	w.Write("main.tf", configuration("two"))
	w.Plan()
	server.hand.patch(t, name, map[string]any{"enableBasicAuth": true})
	w.MustApply(w.SavedPlan())
	if found := server.hand.read(t, name); acctest.At(found, "displayName") != "two" || acctest.At(found, "enableBasicAuth") != true {
		t.Errorf("the account became %v", found)
	}
	plan, printed, _ := w.Plan()
	if acctest.Actions(plan, accountAddress) != "update" {
		t.Errorf("the next plan does not show what was changed by hand:\n%s", printed)
	}
	w.MustApply()
	w.MustBeQuiet()
	w.MustDestroy()
}

func TestAccServiceAccountBadInput(t *testing.T) {
	server := target(t)
	bad := func(lines, want string) resource.TestStep {
		return resource.TestStep{
			Config:   "resource \"machineid_dt_service_account\" \"test\" {\n" + lines + "\n}",
			PlanOnly: true, ExpectError: acctest.Says(want),
		}
	}
	acctest.Test(t, server.env,
		bad(`project = ""`, "project must be a project, as projects/<id> or <id>"),
		bad(`project = "-"`, "project must be a project"),
		bad(`project = "projects/-"`, "project must be a project"),
		bad(`project = "organizations/abc"`, "project must be a project"),
		bad(`project = "projects/a/serviceaccounts/b"`, "project must be a project"),
		bad(`project = "../roles"`, "project must be a project"),
	)
	server.box.MustBeUnasked(t)
}

// removed deletes an object behind Terraform's back, when it is old enough that a 404 about it is believed at once.
func (s server) removed(t testing.TB, name *string, hours int) func() {
	return func() {
		t.Helper()
		s.box.Set(t, "clock", map[string]string{"offset": fmt.Sprintf("%dh", hours)})
		s.hand.loginAs(t, s.env).delete(t, *name)
	}
}
