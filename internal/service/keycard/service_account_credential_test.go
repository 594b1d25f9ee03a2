package keycard_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

const credentialAddress = "machineid_keycard_service_account_credential.test"

var (
	credentialFile = config.StaticFile("testdata/service_account_credential/credential.tf")
	withoutGapFile = config.StaticFile("testdata/service_account_credential/without_gap.tf")
)

// heldCredential is what a test remembers of a credential.
type heldCredential struct{ account, id, clientID, secret string }

// remember checks every attribute of the credential under test, and keeps what it is used by.
func (c *heldCredential) remember(organization, name, description string, rotate map[string]string) []statecheck.StateCheck {
	value := func(attribute string, place *string) statecheck.StateCheck {
		return statecheck.ExpectKnownValue(credentialAddress, tfjsonpath.New(attribute), acctest.Remember(place))
	}
	return []statecheck.StateCheck{
		acctest.ExpectWhole(credentialAddress, acctest.PlainCredential(map[string]knownvalue.Check{
			"keep_if_used_within": knownvalue.Null(),
			"organization_id":     knownvalue.StringExact(organization),
			"service_account_id":  isID,
			"id":                  isID,
			"name":                knownvalue.StringExact(name),
			"description":         textCheck(description),
			"rotate_when_changed": acctest.ExactStringMap(rotate),
			"client_id":           isClientID,
			"created_at":          isMoment,
			"client_secret":       isSecret,
		})),
		value("service_account_id", &c.account), value("id", &c.id), value("client_id", &c.clientID), value("client_secret", &c.secret),
	}
}

// expectLogin uses a credential, and tells if it is not accepted or refused as it should be.
func (s server) expectLogin(t testing.TB, credential heldCredential, want bool) error {
	t.Helper()
	if accepted := s.accepts(t, credential.clientID, credential.secret); accepted != want {
		return fmt.Errorf("a login with the credential %s succeeds: %t, want %t", credential.id, accepted, want)
	}
	return nil
}

// rotateVars adds a map to variables; nil adds none.
func rotateVars(variables config.Variables, values map[string]string) config.Variables {
	if values != nil {
		variables["rotate"] = acctest.StringMap(values)
	}
	return variables
}

// Name and description change in place, and the credential stays good while it is in use.
func TestAccCredentialLifecycle(t *testing.T) {
	server := target(t)
	var credential, previous heldCredential
	step := func(action plancheck.ResourceActionType, name, description string) resource.TestStep {
		return resource.TestStep{
			PreConfig:  func() { previous = credential },
			ConfigFile: credentialFile, ConfigVariables: vars("name", name, "description", description),
			ConfigPlanChecks: acctest.Planned(action, credentialAddress),
			ConfigStateChecks: append(credential.remember(server.own, name, description, nil), acctest.Then(func() error {
				if previous.id != "" && credential != previous {
					return fmt.Errorf("the credential %s was replaced by %s, or its secret", previous.id, credential.id)
				}
				if found := server.held(t, credentials, credential.id); found.Name != name || found.Description != description {
					return fmt.Errorf("the server has %+v, want name %q and description %q", found, name, description)
				}
				return server.expectLogin(t, credential, true)
			})),
		}
	}
	acctest.Test(t, server.env,
		step(plancheck.ResourceActionCreate, "ci", ""),
		step(plancheck.ResourceActionUpdate, "nightly & ünïcode/#?", ""),
		step(plancheck.ResourceActionUpdate, "nightly & ünïcode/#?", longest),
		step(plancheck.ResourceActionUpdate, "nightly", "shorter"),
		step(plancheck.ResourceActionUpdate, "nightly", ""),
	)
	if err := server.expectLogin(t, credential, false); err != nil {
		t.Error(err)
	}
	server.box.MustBeEmpty(t, "keycard")
}

func TestAccCredentialRotation(t *testing.T) {
	server := target(t)
	var credential, previous heldCredential
	step := func(action plancheck.ResourceActionType, values map[string]string) resource.TestStep {
		replaced := action != plancheck.ResourceActionNoop && action != plancheck.ResourceActionUpdate
		return resource.TestStep{
			PreConfig:  func() { previous = credential },
			ConfigFile: credentialFile, ConfigVariables: rotateVars(vars("description", "kept"), values),
			ConfigPlanChecks: acctest.Planned(action, credentialAddress),
			ConfigStateChecks: append(credential.remember(server.own, "ci", "kept", values), acctest.Then(func() error {
				if (credential.id != previous.id) != replaced || (credential.clientID != previous.clientID) != replaced || (credential.secret != previous.secret) != replaced {
					return fmt.Errorf("the credential was replaced: %t, want %t", credential.id != previous.id, replaced)
				}
				if replaced && previous.id != "" {
					if err := server.expectLogin(t, previous, false); err != nil {
						return err
					}
				}
				return server.expectLogin(t, credential, true)
			})),
		}
	}
	acctest.Test(t, server.env,
		step(plancheck.ResourceActionCreate, nil),
		step(plancheck.ResourceActionUpdate, map[string]string{"quarter": "1"}), // a map that comes
		step(plancheck.ResourceActionReplace, map[string]string{"quarter": "2"}),
		step(plancheck.ResourceActionReplace, map[string]string{}),
		step(plancheck.ResourceActionUpdate, nil), // a map that goes
	)
	server.box.MustBeEmpty(t, "keycard")
}

func TestAccCredentialWithoutGap(t *testing.T) {
	server := target(t)
	var credential, previous heldCredential
	step := func(action plancheck.ResourceActionType, quarter string) resource.TestStep {
		values := map[string]string{"quarter": quarter}
		return resource.TestStep{
			PreConfig:  func() { previous = credential },
			ConfigFile: withoutGapFile, ConfigVariables: rotateVars(vars(), values),
			ConfigPlanChecks: acctest.Planned(action, credentialAddress),
			ConfigStateChecks: append(credential.remember(server.own, "ci", "", values), acctest.Then(func() error {
				if credential.id == previous.id || previous.account != "" && credential.account != previous.account {
					return fmt.Errorf("the credential %s was followed by %s", previous.id, credential.id)
				}
				return errors.Join(server.expectLogin(t, credential, true), server.expectLogin(t, previous, false))
			})),
		}
	}
	acctest.Test(t, server.env,
		step(plancheck.ResourceActionCreate, "1"),
		step(plancheck.ResourceActionCreateBeforeDestroy, "2"),
	)
	server.box.MustBeEmpty(t, "keycard")
}

// A map that comes or goes concerns the state alone. A value that is known only at apply counts as changed.
func TestRotationAndRequests(t *testing.T) {
	t.Parallel()
	server := target(t)
	w := acctest.NewWorkspace(t, server.env)
	configuration := func(input, rotate string) {
		w.Write("main.tf", accountNamed("ci")+fmt.Sprintf("resource \"terraform_data\" \"quarter\" { input = %q }\n", input)+
			credentialOf(accountAddress+".id", rotate))
	}
	configuration("1", "")
	w.MustApply()
	id := w.Value(credentialAddress, "id")
	for _, rotate := range []string{"rotate_when_changed = { quarter = terraform_data.quarter.output }", ""} {
		configuration("1", rotate)
		server.box.ForgetRequests(t)
		w.MustApply()
		for _, method := range []string{http.MethodPatch, http.MethodPost, http.MethodDelete} {
			if sent := server.answered(t, method, 0); sent > 0 {
				t.Errorf("a map that came or went brought %d %s", sent, method)
			}
		}
		w.MustBeQuiet()
	}
	configuration("1", "rotate_when_changed = { quarter = terraform_data.quarter.output }")
	w.MustApply()
	if w.Value(credentialAddress, "id") != id {
		t.Error("a map that came replaced the credential")
	}
	configuration("2", "rotate_when_changed = { quarter = terraform_data.quarter.output }")
	w.MustApply()
	w.MustBeQuiet()
	if w.Value(credentialAddress, "id") == id {
		t.Error("the credential was not replaced")
	}
	w.MustDestroy()
	server.box.MustBeEmpty(t, "keycard")
}
