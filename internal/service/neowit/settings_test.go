package neowit_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-exec/tfexec"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// providerConfig sets attributes of the wing, one a line.
func providerConfig(lines ...string) string {
	return "provider \"machineid\" {\n max_retries = 0\n neowit = {\n" + strings.Join(lines, "\n") + "\n}\n}\n"
}

func line(attribute, value string) string { return fmt.Sprintf("%s = %q", attribute, value) }

const nobodyListens = "http://127.0.0.1:1/api"

// ways are the environments that lead to a sandbox by each of the ways in.
func (s server) ways(t *testing.T) (oauth2, basic, token map[string]string) {
	t.Helper()
	account, oauth2 := s.caller(t)
	s.hand.patch(t, account, map[string]any{"enableBasicAuth": true})
	basic = acctest.With(acctest.Without(oauth2, "NEOWIT_SERVICE_ACCOUNT_ID"), "NEOWIT_AUTH", "basic")
	token = acctest.With(acctest.Without(oauth2, "NEOWIT_SERVICE_ACCOUNT_ID", "NEOWIT_KEY_ID", "NEOWIT_SECRET"),
		"NEOWIT_ACCESS_TOKEN", strings.TrimPrefix(s.hand.authorization, "Bearer "))
	s.box.ForgetRequests(t)
	return oauth2, basic, token
}

func TestSettingsThatWork(t *testing.T) {
	t.Parallel()
	server := target(t)
	env, basic, token := server.ways(t)
	address := env["NEOWIT_BASE_URL"]
	accountID, keyID, secret := line("service_account_id", env["NEOWIT_SERVICE_ACCOUNT_ID"]), line("key_id", env["NEOWIT_KEY_ID"]), line("secret", env["NEOWIT_SECRET"])
	baseURL, accessToken := line("base_url", address), line("access_token", token["NEOWIT_ACCESS_TOKEN"])
	const vendors = "https://app.neowit.io/api/auth/oauth/token"
	nobody := map[string]string{"NEOWIT_SERVICE_ACCOUNT_ID": "nobody", "NEOWIT_KEY_ID": "none", "NEOWIT_SECRET": "nothing", "NEOWIT_BASE_URL": nobodyListens, "NEOWIT_TOKEN_AUDIENCE": "x"}
	for name, test := range map[string]struct {
		env    map[string]string
		config string
	}{
		"variables":                              {env, ""},
		"an empty attribute":                     {env, providerConfig()},
		"attributes":                             {nil, providerConfig(accountID, keyID, secret, baseURL)},
		"an attribute and variables":             {acctest.Without(env, "NEOWIT_SECRET"), providerConfig(secret)},
		"attributes before variables":            {nobody, providerConfig(accountID, keyID, secret, baseURL, line("token_audience", vendors))},
		"an address with a trailing slash":       {acctest.With(env, "NEOWIT_BASE_URL", address+"/"), ""},
		"oauth2 by attribute before NEOWIT_AUTH": {acctest.With(env, "NEOWIT_AUTH", "basic"), providerConfig(line("auth", "oauth2"))},
		"an audience by variable":                {acctest.With(env, "NEOWIT_TOKEN_AUDIENCE", vendors), ""},
		"an audience by attribute":               {acctest.With(env, "NEOWIT_TOKEN_AUDIENCE", "x"), providerConfig(line("token_audience", vendors))},
		"an organization by variable":            {acctest.With(env, "NEOWIT_ORG_ID", server.own), ""},
		"an organization by attribute":           {acctest.With(env, "NEOWIT_ORG_ID", server.foreign), providerConfig(line("org_id", server.child))},
		"basic by variable":                      {basic, ""},
		"basic by attribute":                     {acctest.Without(basic, "NEOWIT_AUTH"), providerConfig(line("auth", "basic"))},
		"basic with an account that is unused":   {acctest.With(basic, "NEOWIT_SERVICE_ACCOUNT_ID", "nobody"), ""},
		"basic by attributes alone":              {nil, providerConfig(line("auth", "basic"), baseURL, keyID, secret)},
		"a token by variable":                    {token, ""},
		"a token by attribute":                   {acctest.Without(token, "NEOWIT_ACCESS_TOKEN"), providerConfig(accessToken)},
		"a token before a key in variables":      {env, providerConfig(accessToken)},
		"a key before a token in a variable":     {acctest.With(env, "NEOWIT_ACCESS_TOKEN", "nobody"), providerConfig(keyID)},
		"a token with auth that is basic":        {acctest.With(token, "NEOWIT_AUTH", "basic"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewWorkspace(t, test.env)
			w.Write("main.tf", test.config+accountsConfig)
			w.Plan()
		})
	}
	// Only what logs in by exchange counts here.
	t.Cleanup(func() {
		if logins, reads := server.box.Logins(t), server.answered(t, http.MethodGet, http.StatusOK); logins != 12 || reads != 20 {
			t.Errorf("%d logins and %d reads, want 12 and 20", logins, reads)
		}
	})
}

func TestSettingsThatCannotWork(t *testing.T) {
	t.Parallel()
	server := target(t)
	env, basic, token := server.ways(t)
	const (
		key      = "neowit.service_account_id and neowit.key_id and neowit.secret (environment: NEOWIT_SERVICE_ACCOUNT_ID and NEOWIT_KEY_ID and NEOWIT_SECRET)"
		address  = "Check neowit.base_url (NEOWIT_BASE_URL)"
		notAlone = "It must be the text alone"
	)
	for name, test := range map[string]struct {
		env    map[string]string
		config string
		want   []string
	}{
		"nothing at all":                {nil, "", []string{"No way in", key, "neowit.access_token (environment: NEOWIT_ACCESS_TOKEN)"}},
		"nothing, for basic":            {map[string]string{"NEOWIT_AUTH": "basic"}, "", []string{"No way in", "- neowit.key_id and neowit.secret (environment: NEOWIT_KEY_ID and NEOWIT_SECRET)", "NEOWIT_ACCESS_TOKEN"}},
		"no account":                    {acctest.Without(env, "NEOWIT_SERVICE_ACCOUNT_ID"), "", []string{"No way in", key}},
		"attributes without an account": {nil, providerConfig(line("key_id", "x"), line("secret", "y")), []string{"Incomplete way in", "neowit.service_account_id", "NEOWIT_SERVICE_ACCOUNT_ID"}},
		"an account that basic ignores": {nil, providerConfig(line("auth", "basic"), line("service_account_id", "x")), []string{"No way in", "neowit.key_id"}},
		"two ways in variables":         {acctest.With(env, "NEOWIT_ACCESS_TOKEN", "x"), "", []string{"More than one way in", "NEOWIT_SERVICE_ACCOUNT_ID and NEOWIT_KEY_ID and NEOWIT_SECRET", "NEOWIT_ACCESS_TOKEN"}},
		"two ways in attributes":        {nil, providerConfig(line("access_token", "x"), line("key_id", "y")), []string{"Invalid Attribute Combination", "neowit.access_token"}},
		"a variable with a slash":       {acctest.With(env, "NEOWIT_ORG_ID", "a/b"), "", []string{"Invalid provider setting", "NEOWIT_ORG_ID, must be an id"}},
		"an unknown auth":               {acctest.With(env, "NEOWIT_AUTH", "jwt"), "", []string{"Invalid provider setting", "neowit.auth, or of NEOWIT_AUTH, must be", "oauth2", "basic"}},
		"an unknown auth, by attribute": {env, providerConfig(line("auth", "jwt")), []string{"neowit.auth", "must be one of", "oauth2", "basic"}},
		"an address in clear text":      {env, providerConfig(line("base_url", "http://neowit.example.com/api")), []string{"Invalid address", "neowit.base_url", "clear text"}},
		"such a variable":               {acctest.With(env, "NEOWIT_BASE_URL", "http://neowit.example.com/api"), "", []string{"Invalid Neowit address", "neowit.base_url or NEOWIT_BASE_URL", "clear text"}},
		"no address":                    {env, providerConfig(line("base_url", "")), []string{"Invalid address", "the address is empty"}},
		"a key id with a line break":    {acctest.With(env, "NEOWIT_KEY_ID", "id\n"), "", []string{"Invalid way in", "neowit.key_id, or of its environment variable, holds blanks or line breaks", notAlone}},
		"a secret with a blank":         {acctest.With(env, "NEOWIT_SECRET", " x"), "", []string{"Invalid way in", "neowit.secret", notAlone}},
		"a token with a blank":          {acctest.With(token, "NEOWIT_ACCESS_TOKEN", "Bearer x"), "", []string{"Invalid way in", "neowit.access_token", notAlone}},
		"an empty secret":               {env, providerConfig(line("secret", "")), []string{"neowit.secret string length must be at least 1"}},
		"an organization with a slash":  {env, providerConfig(line("org_id", "a/b")), []string{"Invalid provider setting", "neowit.org_id, or of NEOWIT_ORG_ID, must be an id, without slashes and blanks"}},
		"a wrong audience":              {acctest.With(env, "NEOWIT_TOKEN_AUDIENCE", "https://example.com/token"), "", []string{"status 401", "aud is not", "The login failed", "set neowit.token_audience (NEOWIT_TOKEN_AUDIENCE)"}},
		"an address without /api":       {acctest.With(env, "NEOWIT_BASE_URL", strings.TrimSuffix(env["NEOWIT_BASE_URL"], "/api")), "", []string{"Cannot list", "status 404", "The login got no answer that could be used", address}},
		"such, with a token":            {acctest.With(token, "NEOWIT_BASE_URL", strings.TrimSuffix(env["NEOWIT_BASE_URL"], "/api")), "", []string{"Cannot list", "status 404", address, "with /api"}},
		"the address of something else": {acctest.With(basic, "NEOWIT_BASE_URL", server.box.URL+"/zenml"), "", []string{"Cannot list", "web page", "Check the address in the provider configuration"}},
		"nobody listens":                {acctest.With(env, "NEOWIT_BASE_URL", nobodyListens), providerConfig(), []string{"gave no usable answer", "connection refused", "The login got no answer", address}},
		"nobody listens, with a token":  {acctest.With(token, "NEOWIT_BASE_URL", nobodyListens), providerConfig(), []string{"gave no usable answer", "connection refused", "can be reached from here"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewWorkspace(t, test.env)
			w.Write("main.tf", test.config+accountsConfig)
			w.PlanMustFail(acctest.Says(test.want...))
		})
	}
}

// A wrong address must not look like an object that is gone: it would be made a second time, or forgotten by a destroy.
func TestAWrongAddressKeepsTheState(t *testing.T) {
	t.Parallel()
	server := target(t)
	env, basic, token := server.ways(t)
	elsewhere := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(elsewhere.Close)
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<html></html>"))
	}))
	t.Cleanup(page.Close)
	for way, env := range map[string]map[string]string{"oauth2": env, "basic": basic, "token": token} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewWorkspace(t, env)
			configuration := accountNamed(way) + keyOf(accountAddress+".id")
			w.Write("main.tf", configuration)
			w.MustApply()
			id, key := w.Value(accountAddress, "id"), w.Value(keyAddress, "key_id")
			for _, address := range []string{elsewhere.URL, elsewhere.URL + "/api", page.URL, server.box.URL, server.box.URL + "/dt", server.box.URL + "/zenml/api", server.env["NEOWIT_BASE_URL"] + "/v2", nobodyListens} {
				// Without the guard of its own way in, which would be the first to fail.
				unguarded := strings.Replace(providerConfig(line("base_url", address)), "max_retries", "allow_self_lockout = true\n max_retries", 1)
				w.Write("main.tf", unguarded+configuration)
				if printed, err := w.Apply(); err == nil && !acctest.Said(printed, notDetected, "If neowit.base_url (NEOWIT_BASE_URL) is wrong") {
					t.Errorf("%s: nothing tells that the address is wrong:\n%s", address, printed)
				}
				if printed, err := w.Apply(tfexec.Destroy(true), tfexec.Refresh(false)); err == nil || !acctest.Said(printed, "Cannot delete Neowit service account key") {
					t.Errorf("%s: a destroy ended with %v:\n%s", address, err, printed)
				}
				if w.Value(accountAddress, "id") != id || w.Value(keyAddress, "key_id") != key {
					t.Fatalf("%s: the state was lost", address)
				}
			}
			w.Write("main.tf", configuration)
			w.MustBeQuiet()
			w.MustDestroy()
		})
	}
}

// While a setting is unknown, creates can be planned, and what must be read says which setting is missing.
func TestSettingsThatAreUnknownAtPlan(t *testing.T) {
	t.Parallel()
	server := target(t)
	for _, setting := range []struct{ attribute, variable, value string }{
		{"service_account_id", "NEOWIT_SERVICE_ACCOUNT_ID", ""},
		{"key_id", "NEOWIT_KEY_ID", ""},
		{"secret", "NEOWIT_SECRET", ""},
		{"base_url", "NEOWIT_BASE_URL", ""},
		{"auth", "NEOWIT_AUTH", "oauth2"},
		{"org_id", "NEOWIT_ORG_ID", server.child},
		{"token_audience", "NEOWIT_TOKEN_AUDIENCE", "https://app.neowit.io/api/auth/oauth/token"},
	} {
		t.Run(setting.attribute, func(t *testing.T) {
			t.Parallel()
			value := server.env[setting.variable] + setting.value
			w := acctest.NewWorkspace(t, acctest.Without(server.env, setting.variable))
			configuration := fmt.Sprintf("resource \"terraform_data\" \"setting\" { input = sensitive(%q) }\n", value) +
				providerConfig(setting.attribute+" = terraform_data.setting.output")
			w.Write("main.tf", configuration+accountsConfig)
			w.PlanMustFail(acctest.Says("Provider setting is not known yet", "neowit."+setting.attribute))
			w.Write("main.tf", configuration+accountNamed(setting.attribute)+keyOf(accountAddress+".id"))
			w.MustApply()
			w.MustBeQuiet()
			if organization, _ := w.Value(keyAddress, "org_id").(string); (organization != "") != (setting.attribute == "org_id") || w.Value(accountAddress, "org_id") != w.Value(keyAddress, "org_id") {
				t.Errorf("made in the organization %q", organization)
			}
			w.MustDestroy()
		})
	}
}

// A system that nothing uses needs no settings, and is not spoken to.
func TestSettingsOfAnUnusedSystem(t *testing.T) {
	t.Parallel()
	server := target(t)
	w := acctest.NewWorkspace(t, acctest.With(server.env, "NEOWIT_AUTH", "nonsense"))
	w.Write("main.tf", "provider \"machineid\" {}\nresource \"terraform_data\" \"test\" {}\n")
	w.MustApply()
	server.box.MustBeUnasked(t)
	w.MustDestroy()
}
