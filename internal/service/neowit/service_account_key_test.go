package neowit_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

const keyAddress = "machineid_neowit_service_account_key.test"

var (
	keyFile        = config.StaticFile("testdata/service_account_key/key.tf")
	withoutGapFile = config.StaticFile("testdata/service_account_key/without_gap.tf")
)

// accepts tells if the server takes a key.
func (s server) accepts(t testing.TB, account, key, secret string) bool {
	t.Helper()
	_, accepted := s.hand.login(t, account, key, secret)
	return accepted
}

// heldKey is what a test remembers of a key.
type heldKey struct{ account, id, secret string }

// remember checks every attribute of the key under test, and keeps what it is used by.
func (k *heldKey) remember(rotate knownvalue.Check) []statecheck.StateCheck {
	value := func(attribute string, place *string) statecheck.StateCheck {
		return statecheck.ExpectKnownValue(keyAddress, tfjsonpath.New(attribute), acctest.Remember(place))
	}
	return []statecheck.StateCheck{
		acctest.ExpectWhole(keyAddress, acctest.PlainCredential(map[string]knownvalue.Check{
			"org_id":              knownvalue.Null(),
			"service_account_id":  isID,
			"key_id":              isID,
			"rotate_when_changed": rotate,
			"created":             isMoment,
			"secret":              isSecret,
		})),
		value("service_account_id", &k.account), value("key_id", &k.id), value("secret", &k.secret),
	}
}

// expectLogin tells if a key is not accepted or refused as it should be.
func (s server) expectLogin(t testing.TB, key heldKey, want bool) error {
	t.Helper()
	if accepted := s.accepts(t, key.account, key.id, key.secret); accepted != want {
		return fmt.Errorf("a login with the key %s succeeds: %t, want %t", key.id, accepted, want)
	}
	return nil
}

func rotateVars(values map[string]string) config.Variables {
	if values == nil {
		return nil
	}
	return config.Variables{"rotate": acctest.StringMap(values)}
}

func TestAccKeyLifecycle(t *testing.T) {
	server := target(t)
	var key, previous heldKey
	step := func(action plancheck.ResourceActionType, values map[string]string) resource.TestStep {
		replaced := action != plancheck.ResourceActionNoop && action != plancheck.ResourceActionUpdate
		return resource.TestStep{
			PreConfig:  func() { previous = key },
			ConfigFile: keyFile, ConfigVariables: rotateVars(values),
			ConfigPlanChecks: acctest.Planned(action, keyAddress),
			ConfigStateChecks: append(key.remember(acctest.ExactStringMap(values)), acctest.Then(func() error {
				if (key.id != previous.id) != replaced || (key.secret != previous.secret) != replaced {
					return fmt.Errorf("the key was replaced: %t, want %t", key.id != previous.id, replaced)
				}
				if replaced && previous.id != "" {
					if err := server.expectLogin(t, previous, false); err != nil {
						return err
					}
				}
				return server.expectLogin(t, key, true)
			})),
		}
	}
	acctest.Test(t, server.env,
		step(plancheck.ResourceActionCreate, nil),
		step(plancheck.ResourceActionUpdate, map[string]string{"quarter": "1"}), // a map that comes
		step(plancheck.ResourceActionReplace, map[string]string{"quarter": "2"}),
		step(plancheck.ResourceActionReplace, map[string]string{"half": "2"}),
		step(plancheck.ResourceActionReplace, map[string]string{}),
		step(plancheck.ResourceActionUpdate, nil), // a map that goes
		step(plancheck.ResourceActionNoop, nil),
	)
	if err := server.expectLogin(t, key, false); err != nil {
		t.Error(err)
	}
	if left := server.box.Made(t, "neowit"); len(left) != 0 {
		t.Errorf("left after destroy: %v", left)
	}
}

func TestAccKeyWithoutGap(t *testing.T) {
	server := target(t)
	var key, previous heldKey
	step := func(action plancheck.ResourceActionType, quarter string) resource.TestStep {
		values := map[string]string{"quarter": quarter}
		return resource.TestStep{
			PreConfig:  func() { previous = key },
			ConfigFile: withoutGapFile, ConfigVariables: rotateVars(values),
			ConfigPlanChecks: acctest.Planned(action, keyAddress),
			ConfigStateChecks: append(key.remember(acctest.ExactStringMap(values)), acctest.Then(func() error {
				if key.id == previous.id || previous.account != "" && key.account != previous.account {
					return fmt.Errorf("the key %s was followed by %s", previous.id, key.id)
				}
				return server.expectLogin(t, key, true)
			})),
		}
	}
	acctest.Test(t, server.env,
		step(plancheck.ResourceActionCreate, "1"),
		step(plancheck.ResourceActionCreateBeforeDestroy, "2"),
		step(plancheck.ResourceActionCreateBeforeDestroy, "3"),
	)
	if left := server.box.Made(t, "neowit"); len(left) != 0 {
		t.Errorf("left after destroy: %v", left)
	}
}

// A value that is known only at apply counts as changed.
func TestRotationByAValueThatIsUnknownAtPlan(t *testing.T) {
	t.Parallel()
	server := target(t)
	w := acctest.NewWorkspace(t, server.env)
	configuration := func(input string) string {
		return accountNamed("ci") + fmt.Sprintf("resource \"terraform_data\" \"quarter\" { input = %q }\n", input) +
			"resource \"machineid_neowit_service_account_key\" \"test\" {\n service_account_id = machineid_neowit_service_account.test.id\n" +
			" rotate_when_changed = { quarter = terraform_data.quarter.output }\n}\n"
	}
	w.Write("main.tf", configuration("1"))
	w.MustApply()
	w.MustBeQuiet()
	key := w.Value(keyAddress, "key_id")
	w.Write("main.tf", configuration("2"))
	w.MustApply()
	w.MustBeQuiet()
	if w.Value(keyAddress, "key_id") == key {
		t.Error("the key was not replaced")
	}
	w.MustDestroy()
}

func TestAccKeyThatWasDeletedElsewhere(t *testing.T) {
	server := target(t)
	var key heldKey
	again := func(action plancheck.ResourceActionType, meanwhile func()) resource.TestStep {
		return resource.TestStep{
			PreConfig:  meanwhile,
			ConfigFile: keyFile, ConfigPlanChecks: acctest.Planned(action, keyAddress),
			ConfigStateChecks: append(key.remember(knownvalue.Null()),
				acctest.Then(func() error { return server.expectLogin(t, key, true) })),
		}
	}
	acctest.Test(t, server.env,
		again(plancheck.ResourceActionCreate, nil),
		again(plancheck.ResourceActionNoop, func() {
			if err := server.expectLogin(t, key, true); err != nil { // being used is no drift
				t.Error(err)
			}
		}),
		again(plancheck.ResourceActionCreate, func() { server.hand.delete(t, key.account+"/key/"+key.id) }),
		again(plancheck.ResourceActionCreate, func() { server.hand.delete(t, key.account) }),
	)
}

func TestAccKeyBadInput(t *testing.T) {
	server := target(t)
	bad := func(lines, want string) resource.TestStep {
		return resource.TestStep{
			Config:   "resource \"machineid_neowit_service_account_key\" \"test\" {\n" + lines + "\n}",
			PlanOnly: true, ExpectError: acctest.Says(want),
		}
	}
	const slashed = "service_account_id must be an id, without slashes and blanks"
	acctest.Test(t, server.env,
		bad(`service_account_id = ""`, slashed), bad(`service_account_id = "a/b"`, slashed), bad(`service_account_id = "a b"`, slashed),
		bad(`service_account_id = "a#b"`, slashed), bad(`service_account_id = "%2e%2e"`, slashed),
		bad("service_account_id = \"a\"\norg_id = \"b/c\"", "org_id must be an id"),
		bad("", `The argument "service_account_id" is required`),
	)
	server.box.MustBeUnasked(t)
}
