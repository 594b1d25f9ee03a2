package zenml_test

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
)

// says matches output that holds these phrases in this order, however the CLI breaks its lines.
func says(phrases ...string) *regexp.Regexp {
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

// then runs after the state checks before it, and returns what is wrong.
type then func() error

// CheckState implements [statecheck.StateCheck].
func (f then) CheckState(_ context.Context, _ statecheck.CheckStateRequest, resp *statecheck.CheckStateResponse) {
	resp.Error = f()
}

// remember is a check that always holds and keeps the string for later steps.
func remember(place *string) knownvalue.Check { return rememberCheck{place} }

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

// wholeCheck compares all attributes of an object of the state.
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
