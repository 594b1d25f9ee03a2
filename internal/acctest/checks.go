package acctest

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
)

// Says matches output that holds these phrases in this order, however the CLI breaks its lines.
func Says(phrases ...string) *regexp.Regexp {
	patterns := make([]string, len(phrases))
	for i, phrase := range phrases {
		words := strings.Fields(phrase)
		for j, word := range words {
			words[j] = regexp.QuoteMeta(word)
		}
		patterns[i] = strings.Join(words, `\s+`)
	}
	return regexp.MustCompile(`(?s)` + strings.Join(patterns, `.*`))
}

// Said tells if a text holds these phrases; see [Says].
func Said(text string, phrases ...string) bool { return Says(phrases...).MatchString(text) }

// Planned is the check that a plan has this action for a resource before it is applied.
func Planned(action plancheck.ResourceActionType, address string) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, action)}}
}

// Actions tells what a plan does to a resource, for example "delete+create"; "" if the plan does not know it.
func Actions(plan *tfjson.Plan, address string) string {
	for _, change := range plan.ResourceChanges {
		if change.Address == address {
			text := make([]string, len(change.Change.Actions))
			for i, action := range change.Change.Actions {
				text[i] = string(action)
			}
			return strings.Join(text, "+")
		}
	}
	return ""
}

// Then runs after the state checks before it, and returns what is wrong.
type Then func() error

// CheckState implements [statecheck.StateCheck].
func (f Then) CheckState(_ context.Context, _ statecheck.CheckStateRequest, resp *statecheck.CheckStateResponse) {
	resp.Error = f()
}

// Remember is a check that holds for any string, and keeps it for later steps.
func Remember(place *string) knownvalue.Check { return rememberCheck{place} }

type rememberCheck struct{ place *string }

// CheckValue implements [knownvalue.Check].
func (c rememberCheck) CheckValue(value any) error {
	text, ok := value.(string)
	if !ok {
		return fmt.Errorf("%v is no string", value)
	}
	*c.place = text
	return nil
}

// String implements [knownvalue.Check].
func (c rememberCheck) String() string { return "any string" }

// ExpectWhole compares a resource or data source as a whole, so that no attribute goes unchecked.
func ExpectWhole(address string, want knownvalue.Check) statecheck.StateCheck {
	return wholeCheck{address: address, want: want}
}

// PlainObject is exactly an object with these attributes, whose deletion_policy is not set.
func PlainObject(attributes map[string]knownvalue.Check) knownvalue.Check {
	attributes["deletion_policy"] = knownvalue.Null()
	return knownvalue.MapExact(attributes)
}

// PlainCredential is exactly a credential with these attributes, which is kept as by default.
func PlainCredential(attributes map[string]knownvalue.Check) knownvalue.Check {
	for _, unset := range []string{"rotate_after", "rotation_jitter", "rotation_due_at", "on_drift", "verify_on_refresh", "encrypt_to", "encrypted_secret", "recipient_fingerprints"} {
		attributes[unset] = knownvalue.Null()
	}
	return PlainObject(attributes)
}

type wholeCheck struct {
	address string
	want    knownvalue.Check
}

// CheckState implements [statecheck.StateCheck].
func (c wholeCheck) CheckState(_ context.Context, req statecheck.CheckStateRequest, resp *statecheck.CheckStateResponse) {
	for _, found := range req.State.Values.RootModule.Resources {
		if found.Address == c.address {
			resp.Error = c.want.CheckValue(found.AttributeValues)
			return
		}
	}
	resp.Error = fmt.Errorf("%s is not in the state", c.address)
}
