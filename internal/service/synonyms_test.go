package service_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/service"
)

// The vendor's own set: an address and the two parts of a credential.
var synonyms = []service.Synonym{
	{Attribute: "url", Own: "V_URL", Vendor: "VENDOR_ADDRESS"},
	{Attribute: "username", Own: "V_USERNAME", Vendor: "VENDOR_USER"},
	{Attribute: "password", Own: "V_PASSWORD", Vendor: "VENDOR_PASSWORD"},
}

func TestSynonyms(t *testing.T) {
	t.Parallel()
	type m = map[string]string
	whole := m{"VENDOR_ADDRESS": "vendor-url", "VENDOR_USER": "vendor-user", "VENDOR_PASSWORD": "vendor-password"}
	with := func(name, value string) m {
		more := maps.Clone(whole)
		more[name] = value
		return more
	}
	tests := map[string]struct {
		attributes, variables m
		url, username         string // as they are resolved
	}{
		"the whole set":                      {m{}, whole, "vendor-url", "vendor-user"},
		"the whole set, without the block":   {nil, whole, "vendor-url", "vendor-user"},
		"an attribute that is not of them":   {m{"token": "t"}, whole, "vendor-url", "vendor-user"},
		"a variable that is not of them":     {m{}, with("V_TOKEN", "t"), "vendor-url", "vendor-user"},
		"without the address":                {m{}, with("VENDOR_ADDRESS", ""), "", ""},
		"without the password":               {m{}, with("VENDOR_PASSWORD", ""), "", ""},
		"with an own variable":               {m{}, with("V_URL", "own-url"), "own-url", ""},
		"with an attribute":                  {m{"username": "set"}, whole, "", "set"},
		"with an empty attribute":            {m{"username": ""}, whole, "", ""},
		"our own set alone":                  {m{}, m{"V_URL": "own-url", "V_USERNAME": "own-user"}, "own-url", "own-user"},
		"our own set and the vendor's whole": {m{}, with("V_USERNAME", "own-user"), "", "own-user"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := settings(test.attributes, test.variables).Synonyms(synonyms...)
			url, username := got.Value("url", "V_URL", ""), got.Value("username", "V_USERNAME", "")
			if url != test.url || username != test.username {
				t.Errorf("url %q, username %q, want %q and %q", url, username, test.url, test.username)
			}
			if token := got.Value("token", "V_TOKEN", ""); token != test.attributes["token"]+test.variables["V_TOKEN"] {
				t.Errorf("a setting that is not of the set became %q", token)
			}
		})
	}
}

// Without a way in, the error tells why a part of the vendor's set does not count; else it says nothing of it.
func TestSynonymsAreExplained(t *testing.T) {
	t.Parallel()
	part := settings(nil, map[string]string{"VENDOR_USER": "u", "VENDOR_PASSWORD": "p"})
	_, diags := part.Synonyms(synonyms...).Credential(ways)
	const want = "read only as a whole: VENDOR_ADDRESS, VENDOR_USER, VENDOR_PASSWORD must all be set, and none of V_URL, V_USERNAME, V_PASSWORD, nor their attributes."
	if !strings.Contains(text(diags), want) {
		t.Errorf("the error lacks %q:\n%s", want, text(diags))
	}
	if _, diags := part.Credential(ways); !diags.HasError() || strings.Contains(text(diags), "as a whole") {
		t.Errorf("a system without such a set is told of one:\n%s", text(diags))
	}
}
