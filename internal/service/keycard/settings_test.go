package keycard_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

const nobodyListens = "http://127.0.0.1:1"

// attributes are settings of the wing; later ones win.
type attributes = map[string]any

// vendorEnv holds an environment's settings under the names that the vendor's SDKs read.
func vendorEnv(env map[string]string) map[string]string {
	return map[string]string{
		"KEYCARD_API_CLIENT_ID": env["KEYCARD_CLIENT_ID"], "KEYCARD_API_CLIENT_SECRET": env["KEYCARD_CLIENT_SECRET"], "KEYCARD_API_BASE_URL": env["KEYCARD_ENDPOINT"],
	}
}

// both is an environment with the variables of two; the second wins.
func both(first, second map[string]string) map[string]string {
	all := maps.Clone(first)
	maps.Copy(all, second)
	return all
}

func TestSettingsThatWork(t *testing.T) {
	t.Parallel()
	server := target(t)
	env, address := server.env, server.env["KEYCARD_ENDPOINT"]
	whole := attributes{"client_id": env["KEYCARD_CLIENT_ID"], "client_secret": env["KEYCARD_CLIENT_SECRET"], "base_url": address}
	wrong := map[string]string{"KEYCARD_CLIENT_ID": "nobody", "KEYCARD_CLIENT_SECRET": "nothing", "KEYCARD_ENDPOINT": nobodyListens}
	tokens, separate := address+"/service-account-token", httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(separate.Close)
	tests := map[string]struct {
		env    map[string]string
		config attributes
	}{
		"variables":                            {env, nil},
		"an empty attribute":                   {env, attributes{}},
		"attributes":                           {nil, whole},
		"an attribute and variables":           {acctest.Without(env, "KEYCARD_CLIENT_SECRET"), attributes{"client_secret": env["KEYCARD_CLIENT_SECRET"]}},
		"attributes before variables":          {wrong, whole},
		"an address with a trailing slash":     {acctest.With(env, "KEYCARD_ENDPOINT", address+"/"), nil},
		"a token address by variable":          {acctest.With(env, "KEYCARD_TOKEN_URL", tokens), nil},
		"a token address by attribute":         {acctest.With(env, "KEYCARD_TOKEN_URL", nobodyListens), attributes{"token_url": tokens}},
		"an organization by variable":          {acctest.With(env, "KEYCARD_ORGANIZATION_ID", ownLabel), nil},
		"an organization by attribute":         {acctest.With(env, "KEYCARD_ORGANIZATION_ID", emptyLabel), attributes{"organization_id": server.own}},
		"the vendor's variables":               {vendorEnv(env), nil},
		"the vendor's, with others besides":    {both(vendorEnv(env), map[string]string{"KEYCARD_ORGANIZATION_ID": ownLabel, "KEYCARD_TOKEN_URL": tokens}), nil},
		"the vendor's, with own variables":     {both(env, vendorEnv(wrong)), nil},
		"the vendor's, with attributes":        {vendorEnv(wrong), whole},
		"a part of the vendor's, with our own": {both(env, acctest.Without(vendorEnv(wrong), "KEYCARD_API_BASE_URL")), nil},
	}
	for name, test := range tests {
		if told := ask(t, test.env, test.config); len(told) > 0 {
			t.Errorf("%s: %q", name, told)
		}
	}
	if logins, reads := server.box.Logins(t), server.routed(t, http.MethodGet, "/service-accounts", http.StatusOK); logins != len(tests) || reads != len(tests) {
		t.Errorf("%d logins and %d reads, want %d of each", logins, reads, len(tests))
	}
	// The token address is asked for tokens, and the other one is not.
	if told := ask(t, acctest.With(env, "KEYCARD_ENDPOINT", separate.URL), attributes{"token_url": tokens}); len(told) != 1 || !acctest.Said(told[0], "status 404") {
		t.Errorf("%q", told)
	}
	if logins := server.box.Logins(t); logins != len(tests)+1 {
		t.Errorf("%d logins, want one more", logins)
	}
}

func TestSettingsThatCannotWork(t *testing.T) {
	t.Parallel()
	server := target(t)
	env, vendor := server.env, vendorEnv(server.env)
	with := func(name, value string) map[string]string { return acctest.With(env, name, value) }
	onlyAsAWhole := []string{
		"No way in", "The vendor's own variables are read only as a whole: KEYCARD_API_CLIENT_ID, KEYCARD_API_CLIENT_SECRET, KEYCARD_API_BASE_URL must all be set",
		"none of KEYCARD_CLIENT_ID, KEYCARD_CLIENT_SECRET, KEYCARD_ENDPOINT",
	}
	const (
		clear     = "would send credentials in clear text: use https"
		anID      = "must be an id or a label, without slashes and blanks"
		checkBoth = "Check keycard.base_url and keycard.token_url (KEYCARD_ENDPOINT, KEYCARD_TOKEN_URL)"
		blank     = "holds blanks or line breaks. It must be the text alone"
		filled    = "string length must be at least 1"
	)
	for name, test := range map[string]struct {
		env    map[string]string
		config attributes
		want   []string
	}{
		"nothing at all":                 {nil, nil, []string{"No way in", "keycard.client_id and keycard.client_secret (environment: KEYCARD_CLIENT_ID and KEYCARD_CLIENT_SECRET)"}},
		"no secret":                      {acctest.Without(env, "KEYCARD_CLIENT_SECRET"), nil, []string{"No way in", "KEYCARD_CLIENT_SECRET"}},
		"no id":                          {acctest.Without(env, "KEYCARD_CLIENT_ID"), nil, []string{"No way in", "KEYCARD_CLIENT_ID"}},
		"an attribute without the other": {nil, attributes{"client_id": "x"}, []string{"Incomplete way in", "keycard.client_secret", "KEYCARD_CLIENT_SECRET"}},
		"the other without the one":      {nil, attributes{"client_secret": "x"}, []string{"Incomplete way in", "keycard.client_id", "KEYCARD_CLIENT_ID"}},
		"a part of the vendor's":         {acctest.Without(vendor, "KEYCARD_API_BASE_URL"), nil, onlyAsAWhole},
		"the vendor's and an own one":    {acctest.With(vendor, "KEYCARD_ENDPOINT", env["KEYCARD_ENDPOINT"]), nil, onlyAsAWhole},
		"the vendor's and an attribute":  {vendor, attributes{"base_url": env["KEYCARD_ENDPOINT"]}, onlyAsAWhole},
		"an address in clear text":       {env, attributes{"base_url": "http://keycard.example.com"}, []string{"Invalid address", "keycard.base_url", clear}},
		"such a variable":                {with("KEYCARD_ENDPOINT", "http://keycard.example.com"), nil, []string{"Invalid Keycard address", "keycard.base_url or KEYCARD_ENDPOINT", clear}},
		"such a variable of the vendor":  {acctest.With(vendor, "KEYCARD_API_BASE_URL", "http://keycard.example.com"), nil, []string{"Invalid Keycard address", clear}},
		"a token address in clear text":  {env, attributes{"token_url": "http://keycard.example.com"}, []string{"Invalid address", "keycard.token_url", clear}},
		"such a variable for tokens":     {with("KEYCARD_TOKEN_URL", "http://keycard.example.com"), nil, []string{"Invalid Keycard address", "keycard.token_url or KEYCARD_TOKEN_URL", clear}},
		"no address":                     {env, attributes{"base_url": ""}, []string{"Invalid address", "the address is empty"}},
		"an empty id":                    {env, attributes{"client_id": ""}, []string{"client_id", filled}},
		"an empty secret":                {env, attributes{"client_secret": ""}, []string{"client_secret", filled}},
		"an empty organization":          {env, attributes{"organization_id": ""}, []string{"organization_id", filled}},
		"an id with a line break":        {with("KEYCARD_CLIENT_ID", "id\n"), nil, []string{"Invalid way in", "keycard.client_id, or of KEYCARD_CLIENT_ID,", blank}},
		"a secret with a blank":          {env, attributes{"client_secret": " x"}, []string{"Invalid way in", "keycard.client_secret, or of KEYCARD_CLIENT_SECRET,", blank}},
		"an organization with a slash":   {with("KEYCARD_ORGANIZATION_ID", "a/b"), nil, []string{"Invalid provider setting", "keycard.organization_id, or of KEYCARD_ORGANIZATION_ID,", anID}},
		"such an attribute":              {env, attributes{"organization_id": "a b"}, []string{"Invalid provider setting", anID}},
		"an unknown organization":        {with("KEYCARD_ORGANIZATION_ID", emptyLabel), nil, []string{"Cannot list Keycard service accounts", "status 404", "Check that organization_id is"}},
		"a wrong secret":                 {with("KEYCARD_CLIENT_SECRET", "another"), nil, []string{"status 401", "the client id or the secret is wrong", "The login failed, nothing else was sent", "keycard.client_secret is that of keycard.client_id"}},
		"a wrong id":                     {with("KEYCARD_CLIENT_ID", "another"), nil, []string{"status 401", "the client id or the secret is wrong", "The login failed, nothing else was sent"}},
		"a token address that is wrong":  {with("KEYCARD_TOKEN_URL", env["KEYCARD_ENDPOINT"]+"/token"), nil, []string{"status 404", "The login got no answer that could be used", checkBoth}},
		"a token address of a page":      {with("KEYCARD_TOKEN_URL", server.box.URL+"/zenml"), nil, []string{"The login got no answer that could be used", checkBoth}},
		"nobody listens for logins":      {with("KEYCARD_TOKEN_URL", nobodyListens), nil, []string{"gave no usable answer", "connection refused", "The login got no answer", checkBoth}},
		"nobody listens":                 {with("KEYCARD_ENDPOINT", nobodyListens), nil, []string{"gave no usable answer", "connection refused", checkBoth}},
		"another system":                 {both(env, map[string]string{"KEYCARD_ENDPOINT": server.box.URL + "/zenml", "KEYCARD_TOKEN_URL": env["KEYCARD_ENDPOINT"] + "/service-account-token"}), nil, []string{"web page", "Check the address in the provider configuration"}},
		"an unknown id":                  {nil, attributes{"client_id": tftypes.UnknownValue}, []string{"Provider setting is not known yet", "keycard.client_id"}},
		"an unknown secret":              {env, attributes{"client_secret": tftypes.UnknownValue}, []string{"Provider setting is not known yet", "keycard.client_secret"}},
		"an unknown default":             {env, attributes{"organization_id": tftypes.UnknownValue}, []string{"Provider setting is not known yet", "keycard.organization_id"}},
		"an unknown address":             {env, attributes{"base_url": tftypes.UnknownValue}, []string{"Provider setting is not known yet", "keycard.base_url"}},
		"an unknown token address":       {env, attributes{"token_url": tftypes.UnknownValue}, []string{"Provider setting is not known yet", "keycard.token_url"}},
	} {
		if told := ask(t, test.env, test.config); len(told) == 0 || !acctest.Said(strings.Join(told, "\n"), test.want...) {
			t.Errorf("%s must say %q; it says %q", name, test.want, told)
		}
	}
}

// A secret that is put in the place of another setting is not repeated by the error about it.
func TestAMisplacedSecretIsNotShown(t *testing.T) {
	t.Parallel()
	server := target(t)
	const misplaced = "5ec4e7000000000000000000000c0de5"
	for attribute, variable := range map[string]string{
		"client_id": "KEYCARD_CLIENT_ID", "client_secret": "KEYCARD_CLIENT_SECRET", "organization_id": "KEYCARD_ORGANIZATION_ID",
		"base_url": "KEYCARD_ENDPOINT", "token_url": "KEYCARD_TOKEN_URL",
	} {
		for _, text := range []string{misplaced, misplaced + " ", misplaced + "/x"} {
			for place, told := range map[string][]string{
				"variable":  ask(t, acctest.With(server.env, variable, text), nil),
				"attribute": ask(t, server.env, attributes{attribute: text}),
			} {
				// An organization that is not found has to be named, for that is what is wrong; so is the address that it makes.
				named := attribute == "organization_id" && text == misplaced
				if len(told) == 0 || !named && strings.Contains(strings.Join(told, "\n"), misplaced) {
					t.Errorf("%q as %s by %s: %q", text, attribute, place, told)
				}
			}
		}
	}
	if told := ask(t, acctest.With(server.env, "KEYCARD_CLIENT_ID", "nobody"), nil); len(told) == 0 || strings.Contains(strings.Join(told, "\n"), server.env["KEYCARD_CLIENT_SECRET"]) {
		t.Errorf("a refused login: %d errors, or the secret is shown", len(told))
	}
}

// Where the credential is accepted makes no difference, and what was refused is not tried again.
func TestClientAuthentication(t *testing.T) {
	t.Parallel()
	for way, logins := range map[string]int{"both": 1, "basic": 1, "body": 2} {
		server := target(t)
		server.set(t, "client_auth", way)
		if told := ask(t, server.env, nil); len(told) > 0 {
			t.Errorf("%s: %q", way, told)
		}
		if sent := server.box.Logins(t); sent != logins {
			t.Errorf("%s: %d logins, want %d", way, sent, logins)
		}
	}
}

// A wrong address must not look like an object that is gone: it would be made a second time, or forgotten by a destroy.
func TestAWrongAddressKeepsTheState(t *testing.T) {
	t.Parallel()
	server := target(t)
	notFound := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(notFound.Close)
	w := acctest.NewWorkspace(t, acctest.With(server.env, "KEYCARD_TOKEN_URL", server.env["KEYCARD_ENDPOINT"]+"/service-account-token"))
	w.Write("main.tf", bothIn("ci", ""))
	// So long ago that a 404 is not waited out, whatever clock is at the other address.
	server.box.Set(t, "clock", map[string]string{"offset": "-1h"})
	w.MustApply()
	server.box.Set(t, "clock", map[string]string{"offset": "0h"})
	id, credential := w.Value(accountAddress, "id"), w.Value(credentialAddress, "id")
	for _, address := range []string{notFound.URL, server.box.URL + "/dt", server.env["KEYCARD_ENDPOINT"] + "/v1", nobodyListens} {
		w.Write("main.tf", providerConfig(line("base_url", address))+bothIn("ci", ""))
		w.PlanMustFail(acctest.Says("Cannot read Keycard service account", "with "+accountAddress+","))
		// Without the guard of its own way in, which would be the first to fail.
		w.Write("main.tf", strings.Replace(providerConfig(line("base_url", address)), "max_retries", "allow_self_lockout = true\n max_retries", 1))
		if printed, err := w.Apply(withoutRefresh); err == nil || !acctest.Said(printed, "Cannot delete Keycard service account credential") {
			t.Errorf("%s: a destroy ended with %v:\n%s", address, err, printed)
		}
		if w.Value(accountAddress, "id") != id || w.Value(credentialAddress, "id") != credential {
			t.Fatalf("%s: the state was lost", address)
		}
	}
	w.Write("main.tf", bothIn("ci", ""))
	server.set(t, "unknown_route", "html")
	w.MustBeQuiet()
	w.MustDestroy()
	server.box.MustBeEmpty(t, "keycard")
}

// While a setting is unknown, creates can be planned, and what must be read says which setting is missing.
func TestSettingsThatAreUnknownAtPlan(t *testing.T) {
	t.Parallel()
	server := target(t)
	w := acctest.NewWorkspace(t, acctest.Without(server.env, "KEYCARD_CLIENT_SECRET"))
	configuration := fmt.Sprintf("resource \"terraform_data\" \"setting\" { input = sensitive([%q, \"acme\"]) }\n", server.env["KEYCARD_CLIENT_SECRET"]) +
		providerConfig("client_secret = terraform_data.setting.output[0]", "organization_id = terraform_data.setting.output[1]")
	w.Write("main.tf", configuration+listConfig)
	w.PlanMustFail(acctest.Says("Provider setting is not known yet", "keycard.client_secret"))
	w.Write("main.tf", configuration+bothIn("ci", ""))
	w.MustApply()
	w.MustBeQuiet()
	if made := w.Value(credentialAddress, "organization_id"); made != ownLabel {
		t.Errorf("made in the organization %v", made)
	}
	w.MustDestroy()
}

// A system that nothing uses needs no settings, and is not spoken to.
func TestSettingsOfAnUnusedSystem(t *testing.T) {
	t.Parallel()
	server := target(t)
	w := acctest.NewWorkspace(t, acctest.With(server.env, "KEYCARD_ORGANIZATION_ID", "non/sense"))
	w.Write("main.tf", "provider \"machineid\" {}\nresource \"terraform_data\" \"test\" {}\n")
	w.MustApply()
	server.box.MustBeUnasked(t)
}
