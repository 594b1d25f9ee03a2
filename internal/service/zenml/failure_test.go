package zenml_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// The tests of this file break a sandbox in ways in which a healthy server cannot be broken.

const accountAndKey = `
resource "machineid_zenml_service_account" "test" {
  name = "failing"
}

resource "machineid_zenml_api_key" "test" {
  service_account_id = machineid_zenml_service_account.test.id
  name               = "ci"
}
`

func broken(t *testing.T) (*acctest.Box, hand, *acctest.Workspace) {
	t.Helper()
	box := acctest.Sandbox(t)
	env := box.Env()
	w := acctest.NewWorkspace(t, env)
	return box, hand{url: env["ZENML_SERVER_URL"]}, w
}

func mustAccept(t *testing.T, hand hand, w *acctest.Workspace) {
	t.Helper()
	key, _ := w.Value(keyAddress, "key").(string)
	if _, accepted := hand.loginWithKey(t, key); !accepted {
		t.Error("the key in state is refused")
	}
}

// A reply that is lost after the server has acted must neither lose the secret nor make a second key.
func TestLostReplyOfACreate(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"cut_after", "cut_middle", "truncated", "malformed", "empty", "html"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			box, hand, w := broken(t)
			box.Fault(t, map[string]any{"system": "zenml", "method": "POST", "path": "/api/v1/service_accounts/*/api_keys", "times": 1, "kind": kind})
			w.Write("main.tf", accountAndKey)
			w.MustApply()
			w.MustBeQuiet()
			if keys := box.Objects(t, "zenml", "api_keys"); len(keys) != 1 {
				t.Errorf("%d keys exist, want 1", len(keys))
			}
			mustAccept(t, hand, w)
			w.MustDestroy()
		})
	}
}

// A key is born active. If deactivating it fails, it is in state with its secret, and the next apply mends it.
func TestFailedDeactivationOfANewKeyLosesNothing(t *testing.T) {
	t.Parallel()
	box, hand, w := broken(t)
	box.Fault(t, map[string]any{"system": "zenml", "method": "PUT", "path": "/api/v1/service_accounts/*/api_keys/*", "kind": "status", "status": 400})
	w.Write("main.tf", accountAndKey[:len(accountAndKey)-len("}\n")]+"  active = false\n}\n")
	w.ApplyMustFail("Cannot deactivate the new ZenML API key", "is in state, but is still active")
	mustAccept(t, hand, w)
	box.Mend(t)
	w.MustApply()
	w.MustBeQuiet()
	if keys := box.Objects(t, "zenml", "api_keys"); len(keys) != 1 {
		t.Errorf("%d keys exist, want 1", len(keys))
	}
	key, _ := w.Value(keyAddress, "key").(string)
	if _, accepted := hand.loginWithKey(t, key); key == "" || accepted {
		t.Errorf("the inactive key is accepted: %t", accepted)
	}
	w.MustDestroy()
}

// What a read cannot know is no reason to forget an object.
func TestReadThatFailsKeepsTheState(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]map[string]any{
		"a route that is missing": {"kind": "status", "status": 404},
		"a web page":              {"kind": "html"},
		"no permission":           {"kind": "status", "status": 403},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box, _, w := broken(t)
			w.Write("main.tf", accountAndKey)
			w.MustApply()
			id := w.Value(keyAddress, "id")
			fault["system"], fault["method"], fault["path"] = "zenml", "GET", "**"
			box.Fault(t, fault)
			w.PlanMustFail(acctest.Says("Cannot read ZenML"))
			box.Mend(t)
			w.MustBeQuiet()
			if w.Value(keyAddress, "id") != id {
				t.Error("the key was made anew")
			}
			w.MustDestroy()
		})
	}
}

func TestATokenThatEndsIsRenewed(t *testing.T) {
	t.Parallel()
	box, _, w := broken(t)
	w.Write("main.tf", accountAndKey)
	box.Fault(t, map[string]any{"system": "zenml", "method": "POST", "path": "/api/v1/service_accounts", "times": 1, "kind": "status", "status": 401})
	box.ForgetRequests(t)
	w.MustApply()
	if logins := box.Logins(t); logins != 2 { // the plan of a create needs none
		t.Errorf("%d logins, want 2", logins)
	}
	w.MustBeQuiet()
	w.MustDestroy()
}

// A wrong password must not be tried once for each resource: servers lock out whoever does.
func TestARefusedLoginIsNotRepeated(t *testing.T) {
	t.Parallel()
	box := acctest.Sandbox(t)
	w := acctest.NewWorkspace(t, acctest.With(box.Env(), "ZENML_PASSWORD", "wrong"))
	w.Write("main.tf", "data \"machineid_zenml_service_account\" \"test\" {\n count = 12\n name = \"many-${count.index}\"\n}\n")
	w.PlanMustFail(acctest.Says("The login failed"))
	if logins := box.Logins(t); logins != 1 {
		t.Errorf("%d logins, want 1", logins)
	}
}

// Logins are counted: one for a whole run, though the server says that the token never ends in a way that is easily
// read as "has ended".
func TestOneLoginServesARun(t *testing.T) {
	t.Parallel()
	for _, lifetime := range []string{"", "3600"} {
		t.Run("token_expires_in="+lifetime, func(t *testing.T) {
			t.Parallel()
			box := acctest.Sandbox(t)
			w := acctest.NewWorkspace(t, acctest.OneByOne(box.Env()))
			box.Set(t, "zenml", map[string]string{"token_expires_in": lifetime})
			w.Write("main.tf", "resource \"machineid_zenml_service_account\" \"test\" {\n count = 12\n name = \"many-${count.index}\"\n}\n")
			w.MustApply()
			box.ForgetRequests(t)
			w.Plan()
			counts := map[string]int{}
			for _, request := range box.Requests(t) {
				counts[request.Method+" "+request.Route] += request.Count
			}
			if want := "map[GET /api/v1/service_accounts/{id}:12 POST /api/v1/login:1]"; fmt.Sprint(counts) != want {
				t.Errorf("a plan sent %v, want %s", counts, want)
			}
			w.MustDestroy()
		})
	}
}

func TestExternalAccountIsExplained(t *testing.T) {
	t.Parallel()
	box, hand, w := broken(t)
	admin := hand.loginAs(t, box.Env()["ZENML_USERNAME"], box.Env()["ZENML_PASSWORD"])
	account := admin.createAccount(t, "external")
	box.Set(t, "zenml", map[string]string{"external_accounts": account})
	w.Write("main.tf", fmt.Sprintf("resource \"machineid_zenml_api_key\" \"test\" {\n service_account_id = %q\n name = \"ci\"\n}", account))
	w.ApplyMustFail("Cannot create ZenML API key", "status 403", "comes from ZenML Pro and is managed there")
}

func TestProWorkspaceIsExplained(t *testing.T) {
	t.Parallel()
	box, hand, _ := broken(t)
	admin := hand.loginAs(t, box.Env()["ZENML_USERNAME"], box.Env()["ZENML_PASSWORD"])
	_, key := admin.createKey(t, admin.createAccount(t, "caller"), "ci")
	box.Set(t, "zenml", map[string]string{"auth_scheme": "EXTERNAL"})
	w := acctest.NewWorkspace(t, map[string]string{"ZENML_SERVER_URL": hand.url, "ZENML_API_KEY": key})
	w.Write("main.tf", oneAccount)
	w.ApplyMustFail("Cannot create ZenML service account", "status 403", "ZenML Pro workspace: service accounts and API keys are made in")
}

// TestAccAdminRule is about servers from 0.96.0, which let only admins manage accounts; a caller with an API key is none.
func TestAccAdminRule(t *testing.T) {
	t.Parallel()
	server := target(t)
	account := server.hand.createAccount(t, unique("caller"))
	t.Cleanup(func() { server.hand.deleteAccount(t, account) })
	_, key := server.hand.createKey(t, account, "ci")
	w := acctest.NewWorkspace(t, map[string]string{"ZENML_SERVER_URL": server.env["ZENML_SERVER_URL"], "ZENML_API_KEY": key})

	w.Write("main.tf", fmt.Sprintf("data \"machineid_zenml_api_keys\" \"test\" {\n service_account_id = %q\n}", account))
	w.MustApply() // reading is allowed to everybody

	w.Write("main.tf", fmt.Sprintf("resource \"machineid_zenml_service_account\" \"test\" {\n name = %q\n}", unique("admin")))
	if !server.adminRule() {
		w.MustApply()
		w.MustBeQuiet()
		w.MustDestroy()
		return
	}
	w.ApplyMustFail("Cannot create ZenML service account", "status 403", "Only admin users", "logged in with an API key",
		"zenml.username and zenml.password of an admin user")
}

// Before the admin rule an API key could manage everything, and still can on such servers.
func TestNoAdminRule(t *testing.T) {
	t.Parallel()
	box, hand, _ := broken(t)
	admin := hand.loginAs(t, box.Env()["ZENML_USERNAME"], box.Env()["ZENML_PASSWORD"])
	account := admin.createAccount(t, "caller")
	_, key := admin.createKey(t, account, "ci")
	box.Set(t, "zenml", map[string]string{"admin_only": "false"})
	w := acctest.NewWorkspace(t, map[string]string{"ZENML_SERVER_URL": hand.url, "ZENML_API_KEY": key})
	w.Write("main.tf", accountAndKey)
	w.MustApply()
	w.MustBeQuiet()
	w.MustDestroy()
}

// The warning names what is gone: the key, or its account.
func TestVanishedObjectsAreNamed(t *testing.T) {
	t.Parallel()
	box, hand, w := broken(t)
	w.Write("main.tf", accountAndKey)
	w.MustApply()
	admin := hand.loginAs(t, box.Env()["ZENML_USERNAME"], box.Env()["ZENML_PASSWORD"])
	account, _ := w.Value(accountAddress, "id").(string)
	admin.must(t, http.MethodDelete, "/service_accounts/"+account, nil)
	_, printed, _ := w.Plan()
	if !acctest.Said(printed, "ZenML service account was deleted outside Terraform") ||
		!acctest.Said(printed, "ZenML API key was deleted outside Terraform", "No service account with the '"+account+"'") {
		t.Errorf("the plan does not say what is gone:\n%s", printed)
	}
	w.MustApply()
	w.MustBeQuiet()
	w.MustDestroy()
}

// adminRule tells whether the server lets only admins manage accounts.
func (s server) adminRule() bool { return s.version != "0.95.1" }
