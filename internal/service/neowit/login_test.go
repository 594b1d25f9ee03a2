package neowit_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// manyLists makes a dozen reads, more than Terraform sends at once.
var manyLists = strings.Replace(accountsConfig, "{}", "{\n count = 12\n}", 1)

// A refused login is explained, and not tried once for each resource.
func TestRefusedLogins(t *testing.T) {
	t.Parallel()
	wrong := strings.Repeat("0", 43)
	for name, test := range map[string]struct {
		variable string
		value    func(t *testing.T, server server) string
		shape    string
	}{
		"an id of another account": {"NEOWIT_SERVICE_ACCOUNT_ID", func(t *testing.T, server server) string {
			t.Helper()
			return server.hand.createAccount(t, "", "another")
		}, "common"},
		"a wrong secret":      {"NEOWIT_SECRET", func(*testing.T, server) string { return wrong }, "common"},
		"an unknown key":      {"NEOWIT_KEY_ID", func(*testing.T, server) string { return wrong }, "common"},
		"another error shape": {"NEOWIT_SECRET", func(*testing.T, server) string { return wrong }, "rfc6749"},
		"a key that was deleted": {"NEOWIT_SECRET", func(t *testing.T, server server) string {
			t.Helper()
			server.hand.delete(t, server.env["NEOWIT_SERVICE_ACCOUNT_ID"]+"/key/"+server.env["NEOWIT_KEY_ID"])
			return server.env["NEOWIT_SECRET"]
		}, "common"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			server.set(t, "token_error", test.shape)
			w := acctest.NewWorkspace(t, acctest.With(server.env, test.variable, test.value(t, server)))
			server.box.ForgetRequests(t)
			w.Write("main.tf", manyLists)
			status := map[string]string{"common": "status 401", "rfc6749": "status 400"}[test.shape]
			printed := w.ApplyMustFail("Cannot list Neowit service accounts", status, "invalid assertion", "The login failed, nothing else was sent",
				"neowit.secret is that of neowit.key_id, that the key still exists", "neowit.service_account_id is the account that it belongs to",
				"NEOWIT_SECRET, NEOWIT_KEY_ID, NEOWIT_SERVICE_ACCOUNT_ID")
			if logins := server.box.Logins(t); logins != 1 {
				t.Errorf("%d logins, want 1", logins)
			}
			if test.variable == "NEOWIT_SECRET" && (strings.Contains(printed, server.env["NEOWIT_SECRET"]) || strings.Contains(printed, wrong)) {
				t.Error("the error shows the secret")
			}
		})
	}
}

// The server's own date tells a clock that is wrong from a credential that is.
func TestClockSkew(t *testing.T) {
	t.Parallel()
	for seconds, want := range map[string][]string{
		"3600":  {"status 401", "The login failed", "The clock of this machine is 59m", "behind the server's", "set the clock, then run again"},
		"-3600": {"status 401", "The login failed", "The clock of this machine is 1h", "ahead of the server's", "set the clock, then run again"},
		"60":    nil,
		"-60":   nil,
	} {
		t.Run(seconds, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			server.set(t, "clock_skew_s", seconds)
			w := acctest.NewWorkspace(t, server.env)
			w.Write("main.tf", accountsConfig)
			if want == nil {
				w.Plan()
				return
			}
			w.ApplyMustFail(want...)
		})
	}
}

// Ways in that are fixed say what is wrong with them.
func TestFixedWaysInThatAreRefused(t *testing.T) {
	t.Parallel()
	server := target(t)
	account, env := server.caller(t)
	basic := acctest.With(env, "NEOWIT_AUTH", "basic")
	for _, config := range []string{accountsConfig, accountNamed("ci")} {
		w := acctest.NewWorkspace(t, basic)
		w.Write("main.tf", config)
		w.ApplyMustFail("status 401", "basic auth not enabled", "sends key id and secret with each request",
			"accepted only for a service account that has Basic auth enabled", "Enable it, or set neowit.service_account_id and take neowit.auth")
	}
	// What the error advises works.
	server.hand.patch(t, account, map[string]any{"enableBasicAuth": true})
	w := acctest.NewWorkspace(t, basic)
	w.Write("main.tf", accountNamed("ci"))
	w.MustApply()
	w.MustBeQuiet()
	w.MustDestroy()
	if logins := server.box.Logins(t); logins != 0 {
		t.Errorf("%d logins for Basic auth", logins)
	}

	w = acctest.NewWorkspace(t, map[string]string{"NEOWIT_BASE_URL": env["NEOWIT_BASE_URL"], "NEOWIT_ACCESS_TOKEN": "token-of-yesterday"})
	w.Write("main.tf", accountsConfig)
	if printed := w.ApplyMustFail("status 401", "does not accept neowit.access_token (NEOWIT_ACCESS_TOKEN)", "live an hour", "configure the key of a service account"); strings.Contains(printed, "token-of-yesterday") {
		t.Error("the error shows the token")
	}
}

// A token that is refused is renewed once, for all who used it.
func TestARefusedTokenIsRenewed(t *testing.T) {
	t.Parallel()
	server := target(t)
	const list = "/api/service-account/v1/service-account"
	fault := map[string]any{"system": "neowit", "method": http.MethodGet, "path": list, "kind": "status", "status": http.StatusUnauthorized}
	server.box.Fault(t, fault)
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", accountsConfig)
	printed := w.ApplyMustFail("Cannot list Neowit service accounts", "status 401")
	if logins := server.box.Logins(t); logins != 2 {
		t.Errorf("%d logins, want 2:\n%s", logins, printed)
	}
	server.box.Mend(t)
	server.box.ForgetRequests(t)
	fault["times"] = 1
	server.box.Fault(t, fault)
	w.Plan()
	if logins := server.box.Logins(t); logins != 2 {
		t.Errorf("%d logins, want 2", logins)
	}
}
