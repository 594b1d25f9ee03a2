package dt_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

const keyAddress = "machineid_dt_service_account_key.test"

var (
	keyConfig        = config.StaticFile("testdata/service_account_key/key.tf")
	keyWithoutGap    = config.StaticFile("testdata/service_account_key/without_gap.tf")
	accountNameCheck = matching("projects/[0-9a-v]{20}/serviceaccounts/[0-9a-v]{20}")
)

// heldKey is what a test remembers of a key.
type heldKey struct{ name, account, secret string }

// remember checks every attribute of the key under test, and keeps what it is used by.
func (k *heldKey) remember(rotate knownvalue.Check) []statecheck.StateCheck {
	value := func(attribute string, place *string) statecheck.StateCheck {
		return statecheck.ExpectKnownValue(keyAddress, tfjsonpath.New(attribute), acctest.Remember(place))
	}
	return []statecheck.StateCheck{
		acctest.ExpectWhole(keyAddress, acctest.PlainCredential(map[string]knownvalue.Check{
			"service_account":     accountNameCheck,
			"id":                  isID,
			"name":                matching("projects/[0-9a-v]{20}/serviceaccounts/[0-9a-v]{20}/keys/[0-9a-v]{20}"),
			"rotate_when_changed": rotate,
			"create_time":         isMoment,
			"secret":              matching("[0-9a-f]{32}"),
		})),
		value("name", &k.name), value("secret", &k.secret), value("service_account", &k.account),
	}
}

// expectLogin tells if a key is not accepted or refused as it should be.
func (s server) expectLogin(t testing.TB, key heldKey, want bool) error {
	t.Helper()
	email := last(key.account) + "@" + last(s.project) + ".serviceaccount.d21s.com"
	if _, accepted := s.hand.login(t, s.env["DT_TOKEN_URL"], last(key.name), key.secret, email); accepted != want {
		return fmt.Errorf("a login with the key %s succeeds: %t, want %t", key.name, accepted, want)
	}
	return nil
}

func rotateVars(project string, values map[string]string) config.Variables {
	variables := vars("project", project)
	if values != nil {
		variables["rotate"] = acctest.StringMap(values)
	}
	return variables
}

func TestAccKeyLifecycle(t *testing.T) {
	server := target(t)
	var key, previous heldKey
	step := func(action plancheck.ResourceActionType, values map[string]string) resource.TestStep {
		replaced := action != plancheck.ResourceActionNoop && action != plancheck.ResourceActionUpdate
		return resource.TestStep{
			PreConfig:  func() { previous = key },
			ConfigFile: keyConfig, ConfigVariables: rotateVars(server.project, values),
			ConfigPlanChecks: acctest.Planned(action, keyAddress),
			ConfigStateChecks: append(key.remember(acctest.ExactStringMap(values)), acctest.Then(func() error {
				if (key.name != previous.name) != replaced || (key.secret != previous.secret) != replaced {
					return fmt.Errorf("the key was replaced: %t, want %t", key.name != previous.name, replaced)
				}
				if replaced && previous.name != "" {
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
		resource.TestStep{
			ResourceName: keyAddress, ImportState: true, ImportStateVerify: true, ImportStateVerifyIgnore: []string{"secret"},
			ImportStateVerifyIdentifierAttribute: "name",
			ImportStateIdFunc:                    func(*terraform.State) (string, error) { return key.name, nil },
			ConfigFile:                           keyConfig, ConfigVariables: rotateVars(server.project, nil),
		},
	)
	if err := server.expectLogin(t, key, false); err != nil {
		t.Error(err)
	}
	if left := server.box.Objects(t, "dt", "service_account_keys"); len(left) != 0 {
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
			ConfigFile: keyWithoutGap, ConfigVariables: rotateVars(server.project, values),
			ConfigPlanChecks: acctest.Planned(action, keyAddress),
			ConfigStateChecks: append(key.remember(acctest.ExactStringMap(values)), acctest.Then(func() error {
				if key.name == previous.name || key.account == "" || previous.account != "" && key.account != previous.account {
					return fmt.Errorf("the key %s was followed by %s", previous.name, key.name)
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
}

func TestAccKeyThatWasDeletedElsewhere(t *testing.T) {
	server := target(t)
	var key heldKey
	again := func(action plancheck.ResourceActionType, meanwhile func()) resource.TestStep {
		return resource.TestStep{
			PreConfig:  meanwhile,
			ConfigFile: keyConfig, ConfigVariables: rotateVars(server.project, nil),
			ConfigPlanChecks: acctest.Planned(action, keyAddress),
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
		again(plancheck.ResourceActionCreate, server.removed(t, &key.name, 1)),
		// With its account, too.
		again(plancheck.ResourceActionCreate, server.removed(t, &key.account, 2)),
	)
}

func TestAccKeyBadInput(t *testing.T) {
	server := target(t)
	bad := func(account string) resource.TestStep {
		return resource.TestStep{
			Config:   "resource \"machineid_dt_service_account_key\" \"test\" {\n  service_account = \"" + account + "\"\n}",
			PlanOnly: true, ExpectError: acctest.Says("service_account must be the full name of a service account, projects/<project>/serviceaccounts/<id>"),
		}
	}
	acctest.Test(t, server.env, bad(""), bad("abc"), bad("a@b.serviceaccount.d21s.com"), bad("projects/-/serviceaccounts/abc"), bad("projects/a/members/b"))
}
