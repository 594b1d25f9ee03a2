package service_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
	"github.com/machineid/terraform-provider-machineid/internal/service"
)

func threat(moment service.Moment, attribute path.Path) service.Threat {
	return service.Threat{
		Moment: moment, Operation: "deactivate", Noun: "Vendor key", Object: `key "ci"`, Attribute: attribute, Effect: "end every login with it",
	}
}

// What is the provider's own is asked only if the answer matters, and refused unless that is allowed.
func TestGuardJudges(t *testing.T) {
	t.Parallel()
	const own, foreign = "The provider logs in with it.", ""
	for name, test := range map[string]struct {
		allow   types.Bool
		moment  service.Moment
		how     string
		asked   bool
		refused bool
	}{
		"own, at plan":                  {types.BoolNull(), service.AtPlan, own, true, true},
		"own, at apply":                 {types.BoolNull(), service.AtApply, own, true, true},
		"own, expressly not allowed":    {types.BoolValue(false), service.AtPlan, own, true, true},
		"own, allowed, at plan":         {types.BoolValue(true), service.AtPlan, own, false, false},
		"own, allowed, at apply":        {types.BoolValue(true), service.AtApply, own, false, false},
		"own, not known yet, at plan":   {types.BoolUnknown(), service.AtPlan, own, false, false},
		"own, never known, at apply":    {types.BoolUnknown(), service.AtApply, own, true, true},
		"of somebody else, at plan":     {types.BoolNull(), service.AtPlan, foreign, true, false},
		"of somebody else, at apply":    {types.BoolNull(), service.AtApply, foreign, true, false},
		"of somebody else, and allowed": {types.BoolValue(true), service.AtApply, foreign, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked := false
			diags := service.Guard{Allow: test.allow}.Judge(threat(test.moment, path.Empty()), func() (string, error) {
				asked = true
				return test.how, nil
			})
			if asked != test.asked || diags.HasError() != test.refused {
				t.Errorf("asked %t, want %t; refused %t, want %t", asked, test.asked, diags.HasError(), test.refused)
			}
		})
	}
}

func TestGuardTellsWhatAndWhatNext(t *testing.T) {
	t.Parallel()
	judged := func(attribute path.Path) string {
		return text(service.Guard{}.Judge(threat(service.AtPlan, attribute), func() (string, error) { return "The provider logs in with it.", nil }))
	}
	for _, want := range []string{
		"active: Refused to deactivate the provider's own Vendor key: Key \"ci\". The provider logs in with it.\n",
		"This change would end every login with it. Nothing was changed.", "another way in", "allow_self_lockout = true",
	} {
		if got := judged(path.Root("active")); !strings.Contains(got, want) {
			t.Errorf("the refusal lacks %q:\n%s", want, got)
		}
	}
	if got := judged(path.Empty()); !strings.HasPrefix(got, "Refused to deactivate") {
		t.Errorf("without an attribute there is no place:\n%s", got)
	}
}

// An answer that is not to be had refuses the change: it may be the provider's own.
func TestGuardRefusesWhatItCannotTell(t *testing.T) {
	t.Parallel()
	failed := &rest.Error{System: "Vendor", Method: http.MethodGet, URL: "https://vendor.example.com/me", Status: 503, Attempts: 1}
	guard := service.Guard{Advice: func(err error) string {
		if errors.Is(err, failed) {
			return "Ask Alice."
		}
		return ""
	}}
	got := text(guard.Judge(threat(service.AtApply, path.Root("active")), func() (string, error) { return "", failed }))
	for _, want := range []string{
		"active: Cannot tell whether this is the provider's own Vendor key: ", "status 503", "GET https://vendor.example.com/me", "Ask Alice.",
		"Nothing was changed", "allow_self_lockout = true",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the error lacks %q:\n%s", want, got)
		}
	}
	unadvised := text(service.Guard{}.Judge(threat(service.AtPlan, path.Empty()), func() (string, error) { return "", failed }))
	if !strings.Contains(unadvised, "Run again later") {
		t.Errorf("the usual advice is missing:\n%s", unadvised)
	}
}

func TestReplacement(t *testing.T) {
	t.Parallel()
	rotate, account := path.Root("rotate_when_changed"), path.Root("account")
	for name, test := range map[string]struct {
		required  path.Paths
		operation string
		attribute path.Path
	}{
		"a rotation":             {path.Paths{rotate}, "rotate", rotate},
		"a replacement":          {path.Paths{account}, "replace", account},
		"a replacement and more": {path.Paths{account, rotate}, "replace", account},
	} {
		if operation, attribute := service.Replacement(test.required); operation != test.operation || !attribute.Equal(test.attribute) {
			t.Errorf("%s: %s by %s", name, operation, attribute)
		}
	}
}
