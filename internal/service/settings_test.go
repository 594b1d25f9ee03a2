package service_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service"
)

var ways = []service.WayIn{
	{Name: "user", Members: []service.Member{{Attribute: "username", Variable: "V_USERNAME"}, {Attribute: "password", Variable: "V_PASSWORD"}}},
	{Name: "token", Members: []service.Member{{Attribute: "token", Variable: "V_TOKEN"}}},
}

// settings makes the settings of a wing with these attributes and variables. A nil map leaves the wing out of the
// configuration.
func settings(attributes, variables map[string]string) service.Settings {
	schema := map[string]attr.Type{"url": types.StringType, "username": types.StringType, "password": types.StringType, "token": types.StringType}
	object := types.ObjectNull(schema)
	if attributes != nil {
		values := map[string]attr.Value{}
		for name := range schema {
			values[name] = types.StringNull()
			if value, ok := attributes[name]; ok {
				values[name] = types.StringValue(value)
			}
			if attributes[name] == "(unknown)" {
				values[name] = types.StringUnknown()
			}
		}
		object = types.ObjectValueMust(schema, values)
	}
	return service.Settings{Wing: "vendor", Object: object, Getenv: func(name string) string { return variables[name] }}
}

func text(diags diag.Diagnostics) string {
	var all strings.Builder
	for _, d := range diags {
		if located, ok := d.(diag.DiagnosticWithPath); ok {
			all.WriteString(located.Path().String() + ": ")
		}
		all.WriteString(d.Summary() + ": " + d.Detail() + "\n")
	}
	return all.String()
}

func TestCredential(t *testing.T) {
	t.Parallel()
	type m = map[string]string
	tests := map[string]struct {
		attributes, variables m
		way                   string
		values                m
		failure               []string
	}{
		"configured":                               {m{"username": "u", "password": "p"}, nil, "user", m{"username": "u", "password": "p"}, nil},
		"configured beats the environment":         {m{"token": "t"}, m{"V_USERNAME": "u", "V_PASSWORD": "p", "V_TOKEN": "e"}, "token", m{"token": "t"}, nil},
		"a missing member comes from its variable": {m{"username": "u"}, m{"V_PASSWORD": "p", "V_TOKEN": "t"}, "user", m{"username": "u", "password": "p"}, nil},
		"an empty value that is set counts":        {m{"username": "u", "password": ""}, m{"V_PASSWORD": "p"}, "user", m{"username": "u", "password": ""}, nil},
		"a missing member that is nowhere":         {m{"username": "u"}, m{"V_TOKEN": "t"}, "", nil, []string{"vendor.password: ", "V_PASSWORD"}},
		"two ways configured":                      {m{"username": "u", "token": "t"}, nil, "", nil, []string{"vendor: ", "vendor.username and vendor.password", "vendor.token"}},
		"one way in the environment":               {nil, m{"V_TOKEN": "t"}, "token", m{"token": "t"}, nil},
		"one complete way and a part of another":   {m{}, m{"V_TOKEN": "t", "V_USERNAME": "u"}, "token", m{"token": "t"}, nil},
		"two complete ways in the environment":     {nil, m{"V_TOKEN": "t", "V_USERNAME": "u", "V_PASSWORD": "p"}, "", nil, []string{"several complete", "V_TOKEN", "V_USERNAME and V_PASSWORD"}},
		"half a way in the environment":            {nil, m{"V_USERNAME": "u"}, "", nil, []string{"vendor.username and vendor.password", "V_USERNAME and V_PASSWORD", "vendor.token", "V_TOKEN"}},
		"nothing anywhere":                         {m{}, nil, "", nil, []string{"No way in", "V_TOKEN"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			credential, diags := settings(test.attributes, test.variables).Credential(ways)
			if len(test.failure) > 0 {
				for _, want := range test.failure {
					if !strings.Contains(text(diags), want) {
						t.Errorf("the error lacks %q:\n%s", want, text(diags))
					}
				}
				return
			}
			if diags.HasError() || credential.Way != test.way || !maps.Equal(credential.Values, test.values) {
				t.Errorf("got %+v, want %s %v\n%s", credential, test.way, test.values, text(diags))
			}
		})
	}
}

func TestValue(t *testing.T) {
	t.Parallel()
	variables := map[string]string{"V_URL": "from the environment"}
	for name, test := range map[string]struct {
		settings service.Settings
		want     string
	}{
		"attribute":       {settings(map[string]string{"url": "set"}, variables), "set"},
		"empty attribute": {settings(map[string]string{"url": ""}, variables), ""},
		"variable":        {settings(map[string]string{}, variables), "from the environment"},
		"no block":        {settings(nil, variables), "from the environment"},
		"fallback":        {settings(nil, nil), "default"},
	} {
		if got := test.settings.Value("url", "V_URL", "default"); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

func TestUnknown(t *testing.T) {
	t.Parallel()
	diags, unknown := settings(map[string]string{"url": "(unknown)", "token": "t"}, nil).Unknown("url", "token")
	if !unknown || len(diags) != 1 || !strings.Contains(text(diags), "vendor.url") {
		t.Errorf("%t\n%s", unknown, text(diags))
	}
	whole := settings(map[string]string{}, nil)
	whole.Object = types.ObjectUnknown(whole.Object.AttributeTypes(t.Context()))
	if diags, unknown := whole.Unknown("url"); !unknown {
		t.Errorf("an unknown block has unknown attributes, got\n%s", text(diags))
	}
	if diags, unknown := settings(nil, nil).Unknown("url"); unknown {
		t.Errorf("an absent block has none, got\n%s", text(diags))
	}
}

func TestNumber(t *testing.T) {
	t.Parallel()
	set := func(value types.Int64) types.Object {
		return types.ObjectValueMust(map[string]attr.Type{"rate": types.Int64Type}, map[string]attr.Value{"rate": value})
	}
	absent := types.ObjectNull(map[string]attr.Type{"rate": types.Int64Type})
	for name, test := range map[string]struct {
		object   types.Object
		variable string
		want     int
		failure  string
	}{
		"attribute":              {set(types.Int64Value(3)), "7", 3, ""},
		"an attribute of zero":   {set(types.Int64Value(0)), "7", 0, ""},
		"variable":               {set(types.Int64Null()), "7", 7, ""},
		"no block":               {absent, "7", 7, ""},
		"a variable of zero":     {absent, "0", 0, ""},
		"fallback":               {absent, "", 5, ""},
		"no number":              {absent, "fast", 0, `V_RATE must be a whole number`},
		"a fraction":             {absent, "1.5", 0, `V_RATE must be a whole number`},
		"below zero":             {absent, "-1", 0, `V_RATE must be a whole number`},
		"an unread bad variable": {set(types.Int64Value(3)), "fast", 3, ""},
	} {
		subject := service.Settings{Wing: "vendor", Object: test.object, Getenv: func(string) string { return test.variable }}
		got, diags := subject.Number("rate", "V_RATE", 5)
		if test.failure != "" {
			if test.variable == "fast" && strings.Contains(text(diags), "fast") {
				t.Errorf("%s: the error repeats a value that may be a secret in the wrong place:\n%s", name, text(diags))
			}
			if !strings.Contains(text(diags), "vendor.rate: ") || !strings.Contains(text(diags), test.failure) {
				t.Errorf("%s: the error lacks %q:\n%s", name, test.failure, text(diags))
			}
			continue
		}
		if diags.HasError() || got != test.want {
			t.Errorf("%s: %d, want %d\n%s", name, got, test.want, text(diags))
		}
	}
}
