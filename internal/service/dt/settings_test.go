package dt_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-exec/tfexec"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// rolesConfig is read at plan, and needs no more than a login.
const rolesConfig = "data \"machineid_dt_roles\" \"test\" {}\n"

// providerConfig sets attributes of the wing, one a line.
func providerConfig(lines ...string) string {
	return "provider \"machineid\" {\n max_retries = 0\n dt = {\n" + strings.Join(lines, "\n") + "\n}\n}\n"
}

func line(attribute, value string) string { return fmt.Sprintf("%s = %q", attribute, value) }

// vendorEnv holds an environment's settings under the names that the vendor's own provider reads.
func vendorEnv(env map[string]string) map[string]string {
	return map[string]string{
		"DT_API_KEY_ID": env["DT_SERVICE_ACCOUNT_KEY_ID"], "DT_API_KEY_SECRET": env["DT_SERVICE_ACCOUNT_SECRET"], "DT_OIDC_EMAIL": env["DT_SERVICE_ACCOUNT_EMAIL"],
		"DT_API_URL": env["DT_BASE_URL"], "DT_OIDC_TOKEN_ENDPOINT": env["DT_TOKEN_URL"],
	}
}

// both is an environment with the variables of two; the second wins.
func both(first, second map[string]string) map[string]string {
	for name, value := range second {
		first = acctest.With(first, name, value)
	}
	return first
}

const nobodyListens = "http://127.0.0.1:1"

func TestSettingsThatWork(t *testing.T) {
	t.Parallel()
	server := target(t)
	env, address := server.env, server.env["DT_BASE_URL"]
	account, caller := server.caller(t)
	server.hand.patch(t, account, map[string]any{"enableBasicAuth": true})
	keyID, secret, email := line("key_id", env["DT_SERVICE_ACCOUNT_KEY_ID"]), line("secret", env["DT_SERVICE_ACCOUNT_SECRET"]), line("email", env["DT_SERVICE_ACCOUNT_EMAIL"])
	baseURL, tokenURL := line("base_url", address), line("token_url", env["DT_TOKEN_URL"])
	basic := map[string]string{
		"DT_BASE_URL": address, "DT_SERVICE_ACCOUNT_KEY_ID": caller["DT_SERVICE_ACCOUNT_KEY_ID"], "DT_SERVICE_ACCOUNT_SECRET": caller["DT_SERVICE_ACCOUNT_SECRET"],
	}
	wrongVendor := vendorEnv(map[string]string{
		"DT_SERVICE_ACCOUNT_KEY_ID": "nobody", "DT_SERVICE_ACCOUNT_SECRET": "nothing", "DT_SERVICE_ACCOUNT_EMAIL": "nobody@example.com",
		"DT_BASE_URL": nobodyListens, "DT_TOKEN_URL": nobodyListens,
	})
	for name, test := range map[string]struct {
		env    map[string]string
		config string
	}{
		"variables":                            {env, ""},
		"an empty attribute":                   {env, providerConfig()},
		"attributes":                           {nil, providerConfig(keyID, secret, email, baseURL, tokenURL)},
		"an attribute and variables":           {acctest.Without(env, "DT_SERVICE_ACCOUNT_SECRET"), providerConfig(secret)},
		"attributes before variables":          {acctest.With(env, "DT_BASE_URL", nobodyListens), providerConfig(baseURL)},
		"oauth2 by attribute before DT_AUTH":   {acctest.With(env, "DT_AUTH", "basic"), providerConfig(line("auth", "oauth2"))},
		"an address with /v2":                  {acctest.With(env, "DT_BASE_URL", address+"/v2"), ""},
		"an address with /v2/":                 {acctest.With(env, "DT_BASE_URL", address+"/v2/"), ""},
		"an address with a trailing slash":     {acctest.With(env, "DT_BASE_URL", address+"/"), ""},
		"an attribute with /v2":                {env, providerConfig(line("base_url", address+"/v2"))},
		"an e-mail in other case":              {acctest.With(env, "DT_SERVICE_ACCOUNT_EMAIL", strings.ToUpper(env["DT_SERVICE_ACCOUNT_EMAIL"])), ""},
		"basic by variable":                    {acctest.With(basic, "DT_AUTH", "basic"), ""},
		"basic by attribute":                   {basic, providerConfig(line("auth", "basic"))},
		"basic with an e-mail that is unused":  {acctest.With(caller, "DT_AUTH", "basic"), ""},
		"basic by attributes alone":            {nil, providerConfig(line("auth", "basic"), baseURL, line("key_id", caller["DT_SERVICE_ACCOUNT_KEY_ID"]), line("secret", caller["DT_SERVICE_ACCOUNT_SECRET"]))},
		"the vendor's variables":               {vendorEnv(env), ""},
		"the vendor's variables with a rate":   {acctest.With(vendorEnv(env), "DT_REQUESTS_PER_SECOND", "3"), ""},
		"the vendor's, with own variables":     {both(env, wrongVendor), ""},
		"the vendor's, with attributes":        {wrongVendor, providerConfig(keyID, secret, email, baseURL, tokenURL)},
		"a part of the vendor's, with our own": {both(env, acctest.Without(wrongVendor, "DT_API_URL")), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewWorkspace(t, test.env)
			w.Write("main.tf", test.config+rolesConfig)
			w.Plan()
		})
	}
	// Only what logs in by exchange counts here: basic auth needs none.
	t.Cleanup(func() {
		logins := server.box.Logins(t)
		reads := server.box.Count(t, func(request acctest.RequestCount) bool {
			return request.Method == http.MethodGet && request.Status == http.StatusOK
		})
		if logins != 16 || reads != 20 {
			t.Errorf("%d logins and %d reads, want 16 and 20", logins, reads)
		}
	})
}

func TestSettingsThatCannotWork(t *testing.T) {
	t.Parallel()
	server := target(t)
	env, address := server.env, server.env["DT_BASE_URL"]
	vendor := vendorEnv(env)
	onlyAsAWhole := []string{
		"No way in", "The vendor's own variables are read only as a whole: DT_API_KEY_ID, DT_API_KEY_SECRET, DT_OIDC_EMAIL, DT_API_URL, DT_OIDC_TOKEN_ENDPOINT must all be set",
		"none of DT_SERVICE_ACCOUNT_KEY_ID",
	}
	tests := map[string]struct {
		env    map[string]string
		config string
		want   []string
	}{
		"nothing at all": {nil, "", []string{
			"No way in", "dt.key_id and dt.secret and dt.email (environment: DT_SERVICE_ACCOUNT_KEY_ID and DT_SERVICE_ACCOUNT_SECRET and DT_SERVICE_ACCOUNT_EMAIL)",
		}},
		"nothing, for basic": {map[string]string{"DT_AUTH": "basic"}, "", []string{
			"No way in", "dt.key_id and dt.secret (environment: DT_SERVICE_ACCOUNT_KEY_ID and DT_SERVICE_ACCOUNT_SECRET)",
		}},
		"no e-mail":                       {acctest.Without(env, "DT_SERVICE_ACCOUNT_EMAIL"), "", []string{"No way in", "dt.email", "DT_SERVICE_ACCOUNT_EMAIL"}},
		"attributes without an e-mail":    {nil, providerConfig(line("key_id", "x"), line("secret", "y")), []string{"Incomplete way in", "dt.email", "DT_SERVICE_ACCOUNT_EMAIL"}},
		"a part of the vendor's":          {acctest.Without(vendor, "DT_OIDC_TOKEN_ENDPOINT"), "", onlyAsAWhole},
		"the vendor's and an own one":     {acctest.With(vendor, "DT_BASE_URL", address), "", onlyAsAWhole},
		"the vendor's and an attribute":   {vendor, providerConfig(line("base_url", address)), onlyAsAWhole},
		"an unknown auth":                 {acctest.With(env, "DT_AUTH", "jwt"), "", []string{"Invalid provider setting", `The value of dt.auth, or of DT_AUTH, must be "oauth2" or "basic"`}},
		"an unknown auth, by attribute":   {env, providerConfig(line("auth", "jwt")), []string{"Invalid provider setting", "The value of dt.auth must be one of: oauth2, basic"}},
		"a rate that is no number":        {acctest.With(env, "DT_REQUESTS_PER_SECOND", "fast"), "", []string{"Invalid provider setting", "DT_REQUESTS_PER_SECOND must be a whole number from 0"}},
		"a negative rate":                 {acctest.With(env, "DT_REQUESTS_PER_SECOND", "-1"), "", []string{"Invalid provider setting", "DT_REQUESTS_PER_SECOND must be a whole number from 0"}},
		"a rate too high, by attribute":   {env, providerConfig("requests_per_second = 1001"), []string{"Attribute dt.requests_per_second value must be between 0 and 1000, got: 1001"}},
		"an address in clear text":        {env, providerConfig(line("base_url", "http://dt.example.com")), []string{"Invalid address", "dt.base_url", "http://dt.example.com", "clear text"}},
		"such a variable":                 {acctest.With(env, "DT_BASE_URL", "http://dt.example.com"), "", []string{"Invalid DT address", "dt.base_url or DT_BASE_URL", "clear text"}},
		"a token address in clear text":   {env, providerConfig(line("token_url", "http://dt.example.com")), []string{"Invalid address", "dt.token_url", "http://dt.example.com", "clear text"}},
		"such a variable for tokens":      {acctest.With(env, "DT_TOKEN_URL", "http://dt.example.com"), "", []string{"Invalid DT address", "dt.token_url or DT_TOKEN_URL", "clear text"}},
		"no address":                      {env, providerConfig(line("base_url", "")), []string{"Invalid address", "the address is empty"}},
		"a key id with a line break":      {acctest.With(env, "DT_SERVICE_ACCOUNT_KEY_ID", "id\n"), "", []string{"Invalid way in", "dt.key_id, or of DT_SERVICE_ACCOUNT_KEY_ID, holds blanks or line breaks. It must be the key id alone"}},
		"a secret with a blank":           {acctest.With(env, "DT_SERVICE_ACCOUNT_SECRET", " x"), "", []string{"Invalid way in", "dt.secret, or of DT_SERVICE_ACCOUNT_SECRET, holds blanks"}},
		"an e-mail that is none":          {acctest.With(env, "DT_SERVICE_ACCOUNT_EMAIL", "terraform"), "", []string{"Invalid way in", "dt.email, or of DT_SERVICE_ACCOUNT_EMAIL, is no e-mail address"}},
		"such an attribute":               {env, providerConfig(line("email", "terraform")), []string{"Invalid way in", "dt.email, or of DT_SERVICE_ACCOUNT_EMAIL, is no e-mail address"}},
		"an empty secret":                 {env, providerConfig(line("secret", "")), []string{"Attribute dt.secret string length must be at least 1"}},
		"a token address that is wrong":   {acctest.With(env, "DT_TOKEN_URL", address+"/oauth2/tokens"), "", []string{"Cannot list DT roles", "status 404", "Check dt.token_url (DT_TOKEN_URL)"}},
		"a token address of a login page": {acctest.With(env, "DT_TOKEN_URL", server.box.URL+"/zenml/login"), "", []string{"Cannot list DT roles", "status 405", "Check dt.token_url (DT_TOKEN_URL)"}},
		"nobody listens for logins":       {acctest.With(env, "DT_TOKEN_URL", nobodyListens+"/oauth2/token"), providerConfig(), []string{"gave no usable answer", "connection refused", "Check dt.token_url (DT_TOKEN_URL), and that it can be reached"}},
		"the address of something else":   {acctest.With(env, "DT_BASE_URL", server.box.URL+"/zenml"), "", []string{"does not know this route at all", "Check dt.base_url (DT_BASE_URL)"}},
		"nobody listens for requests":     {acctest.With(env, "DT_BASE_URL", nobodyListens), providerConfig(), []string{"gave no usable answer", "connection refused", "can be reached from here"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewWorkspace(t, test.env)
			w.Write("main.tf", test.config+rolesConfig)
			w.PlanMustFail(acctest.Says(test.want...))
		})
	}
}

// A secret that is put in the place of another setting is not repeated by the error about it.
func TestAMisplacedSecretIsNotShown(t *testing.T) {
	t.Parallel()
	server := target(t)
	const misplaced = "5ec4e7000000000000000000000c0de5"
	for _, setting := range []string{"key_id", "email", "auth", "base_url", "token_url", "requests_per_second"} {
		variable := map[string]string{
			"key_id": "DT_SERVICE_ACCOUNT_KEY_ID", "email": "DT_SERVICE_ACCOUNT_EMAIL", "auth": "DT_AUTH",
			"base_url": "DT_BASE_URL", "token_url": "DT_TOKEN_URL", "requests_per_second": "DT_REQUESTS_PER_SECOND",
		}[setting]
		for place, test := range map[string]struct {
			env    map[string]string
			config string
		}{
			"variable":  {acctest.With(server.env, variable, misplaced), ""},
			"attribute": {server.env, providerConfig(line(setting, misplaced))},
		} {
			t.Run(setting+" by "+place, func(t *testing.T) {
				t.Parallel()
				w := acctest.NewWorkspace(t, test.env)
				w.Write("main.tf", test.config+accountIn(server.project))
				// The configuration itself is quoted by the CLI, whatever the provider says.
				printed := strings.ReplaceAll(w.ApplyMustFail("Error:"), line(setting, misplaced), "")
				if strings.Contains(printed, misplaced) {
					t.Errorf("the error shows it:\n%s", printed)
				}
			})
		}
	}
}

// A wrong address must not look like an object that is gone: it would be made a second time.
func TestAWrongAddressKeepsTheState(t *testing.T) {
	t.Parallel()
	server := target(t)
	w := acctest.NewWorkspace(t, server.env)
	account := accountIn(server.project)
	w.Write("main.tf", account)
	// So long ago that a 404 is not waited out.
	server.box.Set(t, "clock", map[string]string{"offset": "-1h"})
	w.MustApply()
	server.box.Set(t, "clock", map[string]string{"offset": "0h"})
	id := w.Value(accountAddress, "id")
	unconfirmed := acctest.Says("Cannot read DT service account", "status 404", "does not list the roles that every DT Studio has", "Check dt.base_url (DT_BASE_URL)")
	for _, address := range []string{server.box.URL, server.box.URL + "/dt/api"} {
		w.Write("main.tf", providerConfig(line("base_url", address))+account)
		w.PlanMustFail(unconfirmed)
		if printed, err := w.Apply(tfexec.Destroy(true), tfexec.Refresh(false)); err == nil || !acctest.Said(printed, "Cannot delete DT service account", "does not list the roles") {
			t.Errorf("a destroy at a wrong address ended with %v:\n%s", err, printed)
		}
	}
	noRoute := acctest.Says("Cannot read DT service account", "does not know this route at all", "Check dt.base_url (DT_BASE_URL)")

	elsewhere := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(elsewhere.Close)
	for _, address := range []string{elsewhere.URL, server.box.URL + "/zenml"} {
		w.Write("main.tf", providerConfig(line("base_url", address))+account)
		w.PlanMustFail(noRoute)
	}
	w.Write("main.tf", providerConfig()+account)
	server.box.Fault(t, map[string]any{"system": "dt", "method": http.MethodGet, "path": "/v2/**", "kind": "html"})
	w.PlanMustFail(noRoute)
	server.box.Mend(t)
	w.MustBeQuiet()
	if w.Value(accountAddress, "id") != id {
		t.Error("the account was made anew")
	}
	w.MustDestroy()
}

// While a setting is unknown, creates can be planned, and what must be read says which setting is missing.
func TestSettingsThatAreUnknownAtPlan(t *testing.T) {
	t.Parallel()
	server := target(t)
	w := acctest.NewWorkspace(t, acctest.Without(server.env, "DT_SERVICE_ACCOUNT_SECRET"))
	configuration := fmt.Sprintf("resource \"terraform_data\" \"secret\" { input = sensitive(%q) }\n", server.env["DT_SERVICE_ACCOUNT_SECRET"]) +
		providerConfig("secret = terraform_data.secret.output")
	w.Write("main.tf", configuration+rolesConfig)
	w.PlanMustFail(acctest.Says("Provider setting is not known yet", "dt.secret"))
	w.Write("main.tf", configuration+accountIn(server.project))
	w.MustApply()
	w.MustBeQuiet()
	w.MustDestroy()
}

// A system that nothing uses needs no settings, and is not spoken to.
func TestSettingsOfAnUnusedSystem(t *testing.T) {
	t.Parallel()
	server := target(t)
	w := acctest.NewWorkspace(t, acctest.With(server.env, "DT_AUTH", "nonsense"))
	w.Write("main.tf", "provider \"machineid\" {}\nresource \"terraform_data\" \"test\" {}\n")
	w.MustApply()
	server.box.MustBeUnasked(t)
	w.MustDestroy()
}

// Without a limit here, the server's own is met, and obeyed.
func TestRequestsPerSecond(t *testing.T) {
	t.Parallel()
	many := strings.Replace(rolesConfig, "{}", "{\n count = 30\n}", 1)
	for name, test := range map[string]struct {
		variable, config string
		refused          bool
	}{
		"no limit by variable":             {"0", "", true},
		"no limit by attribute":            {"5", "requests_per_second = 0", true},
		"an attribute before the variable": {"0", "requests_per_second = 5", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			server.box.Set(t, "dt", map[string]string{"rate_limit": "true"})
			w := acctest.NewWorkspace(t, acctest.With(server.env, "DT_REQUESTS_PER_SECOND", test.variable))
			w.Write("main.tf", "provider \"machineid\" {\n dt = {\n"+test.config+"\n}\n}\n"+many)
			w.Plan()
			refused := server.box.Count(t, func(request acctest.RequestCount) bool {
				return request.Status == http.StatusTooManyRequests
			})
			if (refused > 0) != test.refused {
				t.Errorf("%d requests were refused, want some: %t", refused, test.refused)
			}
		})
	}
}
