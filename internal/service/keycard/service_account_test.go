package keycard_test

import (
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

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

const accountAddress = "machineid_keycard_service_account.test"

var (
	accountFile = config.StaticFile("testdata/service_account/account.tf")

	isMoment   = knownvalue.StringRegexp(regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$`))
	isID       = knownvalue.StringRegexp(regexp.MustCompile(`^[0-9a-z]{26}$`))
	isClientID = knownvalue.StringRegexp(regexp.MustCompile(`^[0-9A-Za-z]{21}$`))
	isSecret   = knownvalue.StringRegexp(regexp.MustCompile(`^[0-9A-Za-z]{64}$`))
)

// longest is a description that is as long as can be, in characters; in bytes it is longer.
var longest = strings.Repeat("ü", 500)

// textCheck is a text, or null for "".
func textCheck(text string) knownvalue.Check {
	if text == "" {
		return knownvalue.Null()
	}
	return knownvalue.StringExact(text)
}

// expectAccount checks every attribute of the account under test.
func expectAccount(organization, name, description string) []statecheck.StateCheck {
	return []statecheck.StateCheck{acctest.ExpectWhole(accountAddress, acctest.PlainObject(map[string]knownvalue.Check{
		"organization_id": knownvalue.StringExact(organization),
		"id":              isID,
		"name":            knownvalue.StringExact(name),
		"description":     textCheck(description),
		"created_at":      isMoment,
	}))}
}

// vars are string variables, given as name and value in turn. A value of "" is left out.
func vars(pairs ...string) config.Variables {
	variables := config.Variables{}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			variables[pairs[i]] = config.StringVariable(pairs[i+1])
		}
	}
	return variables
}

func TestAccServiceAccountLifecycle(t *testing.T) {
	server := target(t)
	var id string
	same, sameMoment := statecheck.CompareValue(compare.ValuesSame()), statecheck.CompareValue(compare.ValuesSame())
	step := func(action plancheck.ResourceActionType, name, description string) resource.TestStep {
		return resource.TestStep{
			ConfigFile: accountFile, ConfigVariables: vars("name", name, "description", description),
			ConfigPlanChecks: acctest.Planned(action, accountAddress),
			ConfigStateChecks: append(expectAccount(server.own, name, description),
				same.AddStateValue(accountAddress, tfjsonpath.New("id")), sameMoment.AddStateValue(accountAddress, tfjsonpath.New("created_at")),
				statecheck.ExpectKnownValue(accountAddress, tfjsonpath.New("id"), acctest.Remember(&id)),
				acctest.Then(func() error {
					if found := server.held(t, accounts, id); found.Name != name || found.Description != description || found.Parent != server.own {
						t.Errorf("the server has %+v, want name %q and description %q", found, name, description)
					}
					return nil
				})),
		}
	}
	acctest.Test(t, server.env,
		step(plancheck.ResourceActionCreate, "ci", "from the start"),
		step(plancheck.ResourceActionUpdate, "nightly & ünïcode/#?", "from the start"),
		step(plancheck.ResourceActionUpdate, "nightly & ünïcode/#?", longest),
		step(plancheck.ResourceActionUpdate, "nightly & ünïcode/#?", ""),
		step(plancheck.ResourceActionNoop, "nightly & ünïcode/#?", ""),
		step(plancheck.ResourceActionUpdate, " padded ", "both"),
	)
	server.box.MustBeEmpty(t, "keycard")
}
