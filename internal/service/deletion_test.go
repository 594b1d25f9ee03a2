package service_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service"
)

// TestDeletionPolicy judges changes by the policy in the state, or else by that of the provider.
func TestDeletionPolicy(t *testing.T) {
	t.Parallel()
	null, unknown, text := types.StringNull(), types.StringUnknown(), types.StringValue
	const kept, abandoned, own = "Error: Refused to delete Key", "Warning: Key is abandoned", "Error: Refused to delete the provider's own Key"
	tests := map[string]struct {
		operation       string
		provider, state types.String
		told            string
		abandons        bool
	}{
		"by default":                 {"delete", null, null, own, false},
		"not known yet":              {"delete", unknown, null, own, false},
		"delete":                     {"delete", null, text("delete"), own, false},
		"prevent":                    {"delete", null, text("prevent"), kept, false},
		"abandon":                    {"delete", null, text("abandon"), abandoned, true},
		"the provider's":             {"delete", text("prevent"), null, kept, false},
		"the provider abandons":      {"delete", text("abandon"), null, abandoned, true},
		"the state's comes first":    {"delete", text("prevent"), text("abandon"), abandoned, true},
		"it allows again":            {"delete", text("prevent"), text("delete"), own, false},
		"a replacement":              {"replace", null, text("prevent"), "Error: Refused to replace Key", false},
		"a rotation":                 {"rotate", null, text("prevent"), "Error: Refused to rotate Key", false},
		"what does not end anything": {"deactivate", text("prevent"), text("prevent"), "Error: Refused to deactivate the provider's own Key", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			guard := service.Guard{Deletion: test.provider}
			diags := guard.Judge(service.Threat{Operation: test.operation, Noun: "Key", Object: "key 7", Policy: test.state, Effect: "end logins"},
				func() (string, error) { return "It is.", nil })
			if len(diags) != 1 || diags[0].Severity().String()+": "+diags[0].Summary() != test.told || !strings.Contains(diags[0].Detail(), "Key 7") {
				t.Errorf("%v, want %s", diags, test.told)
			}
			if got := guard.Abandons(test.state); got != test.abandons {
				t.Errorf("abandons: %t", got)
			}
		})
	}
}

// TestWhatIsAbandonedIsNotAskedAbout spares a request that may fail.
func TestWhatIsAbandonedIsNotAskedAbout(t *testing.T) {
	t.Parallel()
	diags := service.Guard{}.Judge(service.Threat{Operation: "delete", Noun: "Key", Object: "key 7", Policy: types.StringValue("abandon")},
		func() (string, error) { return "", errors.New("asked") })
	if len(diags) != 1 || diags[0].Severity() != diag.SeverityWarning {
		t.Errorf("%v", diags)
	}
}
