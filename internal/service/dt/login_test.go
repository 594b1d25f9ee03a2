package dt_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// manyRoles makes a dozen reads, more than Terraform sends at once.
var manyRoles = strings.Replace(rolesConfig, "{}", "{\n count = 12\n}", 1)

// A swap can be seen in the form of the two, so nothing is sent.
func TestKeyAndSecretSwapped(t *testing.T) {
	t.Parallel()
	server := target(t)
	id, secret := server.env["DT_SERVICE_ACCOUNT_KEY_ID"], server.env["DT_SERVICE_ACCOUNT_SECRET"]
	swapped := acctest.With(acctest.With(server.env, "DT_SERVICE_ACCOUNT_KEY_ID", secret), "DT_SERVICE_ACCOUNT_SECRET", id)
	for name, test := range map[string]struct {
		env    map[string]string
		config string
	}{
		"in the environment":   {swapped, ""},
		"in the configuration": {server.env, providerConfig(line("key_id", secret), line("secret", id))},
		"for basic auth":       {acctest.With(swapped, "DT_AUTH", "basic"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewWorkspace(t, test.env)
			w.Write("main.tf", test.config+accountIn(server.project))
			printed := w.ApplyMustFail("Key id and secret are swapped", "dt.secret (DT_SERVICE_ACCOUNT_SECRET) has the form of a key id",
				"dt.key_id (DT_SERVICE_ACCOUNT_KEY_ID) that of a secret", "Exchange the two")
			if strings.Contains(printed, secret) {
				t.Error("the error shows the secret")
			}
		})
	}
	t.Cleanup(func() {
		server.box.MustBeUnasked(t)
	})
}

// A refused login is explained, and not tried once for each resource.
func TestRefusedLogins(t *testing.T) {
	t.Parallel()
	explained := []string{
		"Cannot list DT roles", "status 400", "The login failed, nothing else was sent", "dt.secret is that of dt.key_id, that the key still exists",
		"dt.email is the address of the service account that the key belongs to", "DT_SERVICE_ACCOUNT_SECRET, DT_SERVICE_ACCOUNT_KEY_ID, DT_SERVICE_ACCOUNT_EMAIL",
	}
	wrongSecret := strings.Repeat("0", 32)
	for name, test := range map[string]struct {
		variable string
		value    func(t *testing.T, server server) string
		shape    string
	}{
		"an e-mail of another account": {"DT_SERVICE_ACCOUNT_EMAIL", func(t *testing.T, server server) string {
			t.Helper()
			_, email := server.hand.createAccount(t, server.project, "another")
			return email
		}, "oauth"},
		"a wrong secret":      {"DT_SERVICE_ACCOUNT_SECRET", func(*testing.T, server) string { return wrongSecret }, "oauth"},
		"an unknown key":      {"DT_SERVICE_ACCOUNT_KEY_ID", func(*testing.T, server) string { return strings.Repeat("0", 20) }, "oauth"},
		"another error shape": {"DT_SERVICE_ACCOUNT_SECRET", func(*testing.T, server) string { return wrongSecret }, "api"},
		"a key that was deleted": {"DT_SERVICE_ACCOUNT_SECRET", func(t *testing.T, server server) string {
			t.Helper()
			account := "projects/" + last(server.project) + "/serviceaccounts/" + strings.Split(server.env["DT_SERVICE_ACCOUNT_EMAIL"], "@")[0]
			server.hand.delete(t, account+"/keys/"+server.env["DT_SERVICE_ACCOUNT_KEY_ID"])
			return server.env["DT_SERVICE_ACCOUNT_SECRET"]
		}, "oauth"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			server.box.Set(t, "dt", map[string]string{"token_error": test.shape})
			w := acctest.NewWorkspace(t, acctest.With(server.env, test.variable, test.value(t, server)))
			server.box.ForgetRequests(t)
			w.Write("main.tf", manyRoles)
			printed := w.ApplyMustFail(explained...)
			if logins := server.box.Logins(t); logins != 1 {
				t.Errorf("%d logins, want 1", logins)
			}
			if strings.Contains(printed, server.env["DT_SERVICE_ACCOUNT_SECRET"]) || strings.Contains(printed, wrongSecret) {
				t.Error("the error shows the secret")
			}
		})
	}
}

// The server's own date tells a clock that is wrong from a credential that is.
func TestClockSkew(t *testing.T) {
	t.Parallel()
	for seconds, want := range map[string][]string{
		"3600":  {"status 400", "The login failed", "The clock of this machine is 59m", "behind the server's", "set the clock, then run again"},
		"-3600": {"status 400", "The login failed", "The clock of this machine is 1h", "ahead of the server's", "set the clock, then run again"},
		"60":    nil,
		"-20":   nil,
	} {
		t.Run(seconds, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			server.box.Set(t, "dt", map[string]string{"clock_skew_s": seconds})
			w := acctest.NewWorkspace(t, server.env)
			w.Write("main.tf", rolesConfig)
			if want == nil {
				w.Plan()
				return
			}
			w.ApplyMustFail(want...)
		})
	}
}

// What the API answers to basic auth that is off is not documented.
func TestBasicAuthThatIsOff(t *testing.T) {
	t.Parallel()
	server := target(t)
	account, caller := server.caller(t, server.project, "roles/project.admin")
	for _, status := range []string{"401", "403", "400"} {
		server.box.Set(t, "dt", map[string]string{"basic_auth_off_status": status})
		for noun, config := range map[string]string{
			"list DT roles":             rolesConfig,
			"create DT service account": accountIn(server.project),
		} {
			w := acctest.NewWorkspace(t, acctest.With(caller, "DT_AUTH", "basic"))
			w.Write("main.tf", config)
			w.ApplyMustFail("Cannot "+noun, "status "+status, "sends key id and secret with each request",
				"accepted only for a service account that has Basic auth enabled", "Enable it, or set dt.email and take dt.auth")
		}
	}
	if accounts := server.box.Objects(t, "dt", "service_accounts"); len(accounts) != 1 {
		t.Errorf("there are %d accounts, want the caller's alone", len(accounts))
	}
	// What the error advises works.
	server.hand.patch(t, account, map[string]any{"enableBasicAuth": true})
	w := acctest.NewWorkspace(t, acctest.With(caller, "DT_AUTH", "basic"))
	w.Write("main.tf", accountIn(server.project))
	w.MustApply()
	w.MustBeQuiet()
	w.MustDestroy()
}

// A token that is refused is renewed once, for all who used it.
func TestARefusedTokenIsRenewed(t *testing.T) {
	t.Parallel()
	server := target(t)
	server.box.Fault(t, map[string]any{"system": "dt", "method": http.MethodGet, "path": "/v2/roles", "times": 5, "kind": "status", "status": http.StatusUnauthorized})
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", rolesConfig)
	printed := w.ApplyMustFail("The login succeeded, but its token was refused, twice", "dt.base_url and dt.token_url belong to different installations")
	if logins := server.box.Logins(t); logins != 2 {
		t.Errorf("%d logins, want 2:\n%s", logins, printed)
	}
	server.box.Mend(t)
	server.box.ForgetRequests(t)
	server.box.Fault(t, map[string]any{"system": "dt", "method": http.MethodGet, "path": "/v2/roles", "times": 1, "kind": "status", "status": http.StatusUnauthorized})
	w.Plan()
	if logins := server.box.Logins(t); logins != 2 {
		t.Errorf("%d logins, want 2", logins)
	}
}
