//go:build unix

package provider_test

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-exec/tfexec"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// ephemeralSystem is how one system's ephemeral credentials are made and used.
type ephemeralSystem struct {
	// kind is the type, and nouns what the sandbox calls its objects.
	kind, nouns string
	// account is the configuration of the account that a credential is made in, and arguments are those of the credential.
	account, arguments string
	// settings are the variables by which a provider logs in with the credential. Secret is the one that is secret.
	settings, secret string
	// source is a data source that whoever logs in with the credential may read.
	source string
	// path is where credentials are made, and place how errors call what holds them.
	path, place string
	// strays is the data source that lists what was left, and listed the way to the ids in it.
	strays, listed string
}

var ephemeralSystems = map[string]ephemeralSystem{
	"dt": {
		kind: "machineid_dt_service_account_key", nouns: "service_account_keys",
		account: `resource "machineid_dt_service_account" "test" {
			project      = var.dt_project
			display_name = "ephemeral"
		}
		`,
		arguments: `service_account = machineid_dt_service_account.test.name`,
		settings: `{
			DT_SERVICE_ACCOUNT_KEY_ID = ephemeral.machineid_dt_service_account_key.test.id
			DT_SERVICE_ACCOUNT_SECRET = ephemeral.machineid_dt_service_account_key.test.secret
			DT_SERVICE_ACCOUNT_EMAIL  = machineid_dt_service_account.test.email
		}`,
		secret: "DT_SERVICE_ACCOUNT_SECRET", source: "machineid_dt_roles",
		path: "/v2/projects/*/serviceaccounts/*/keys", place: "the list of keys of projects/",
		strays: `data "machineid_dt_service_account_keys" "test" {
			service_account = machineid_dt_service_account.test.name
		}
		`,
		listed: "data.machineid_dt_service_account_keys.test.keys[*].id",
	},
	"neowit": {
		kind: "machineid_neowit_service_account_key", nouns: "service_account_keys",
		account: `resource "machineid_neowit_service_account" "test" {
			name = "ephemeral"
		}
		`,
		arguments: `service_account_id = machineid_neowit_service_account.test.id`,
		settings: `{
			NEOWIT_SERVICE_ACCOUNT_ID = machineid_neowit_service_account.test.id
			NEOWIT_KEY_ID             = ephemeral.machineid_neowit_service_account_key.test.key_id
			NEOWIT_SECRET             = ephemeral.machineid_neowit_service_account_key.test.secret
		}`,
		secret: "NEOWIT_SECRET", source: "machineid_neowit_service_accounts",
		path: "/api/service-account/v1/service-account/*/key", place: "the list of keys of service account ",
		strays: `data "machineid_neowit_service_account" "test" {
			id = machineid_neowit_service_account.test.id
		}
		`,
		listed: "data.machineid_neowit_service_account.test.keys[*].key_id",
	},
	"keycard": {
		kind: "machineid_keycard_service_account_credential", nouns: "service_account_credentials",
		account: `resource "machineid_keycard_service_account" "test" {
			name = "ephemeral"
		}
		`,
		arguments: `service_account_id = machineid_keycard_service_account.test.id
			name = "ephemeral"`,
		settings: `{
			KEYCARD_CLIENT_ID     = ephemeral.machineid_keycard_service_account_credential.test.client_id
			KEYCARD_CLIENT_SECRET = ephemeral.machineid_keycard_service_account_credential.test.client_secret
		}`,
		secret: "KEYCARD_CLIENT_SECRET", source: "machineid_keycard_service_accounts",
		path: "/organizations/*/service-accounts/*/credentials", place: "the list of credentials of service account ",
		strays: `data "machineid_keycard_service_account_credentials" "test" {
			service_account_id = machineid_keycard_service_account.test.id
		}
		`,
		listed: "data.machineid_keycard_service_account_credentials.test.credentials[*].id",
	},
	"zenml": {
		kind: "machineid_zenml_api_key", nouns: "api_keys",
		account: `resource "machineid_zenml_service_account" "test" {
			name = "ephemeral"
		}
		`,
		arguments: `service_account_id = machineid_zenml_service_account.test.id
			name = "ephemeral"`,
		settings: `{ ZENML_API_KEY = ephemeral.machineid_zenml_api_key.test.key }`,
		secret:   "ZENML_API_KEY", source: "machineid_zenml_service_accounts",
		path: "/api/v1/service_accounts/*/api_keys", place: "the list of API keys of service account ",
		strays: `data "machineid_zenml_api_keys" "test" {
			service_account_id = machineid_zenml_service_account.test.id
		}
		`,
		listed: "data.machineid_zenml_api_keys.test.api_keys[*].id",
	},
}

// block is the ephemeral resource.
func (s ephemeralSystem) block() string {
	return "ephemeral \"" + s.kind + "\" \"test\" {\n create_when = terraform.applying\n " + s.arguments + "\n}\n"
}

// ephemeralRun is a configuration with one ephemeral credential, and somebody who is handed it during each apply.
type ephemeralRun struct {
	*acctest.Workspace
	t        *testing.T
	box      *acctest.Box
	system   ephemeralSystem
	name     string
	consumer func(run, values string) string
	// handed is what was handed over latest, and use what becomes of it; nil uses it well.
	handed atomic.Pointer[map[string]string]
	use    atomic.Pointer[func(handed map[string]string) bool]
}

// ephemeralRunOf has the account made, and nothing else. Without an env it is that of the sandbox.
func ephemeralRunOf(t *testing.T, name string, box *acctest.Box, env map[string]string) *ephemeralRun {
	t.Helper()
	run := &ephemeralRun{Workspace: acctest.NewInstalledWorkspace(t, env), t: t, box: box, system: ephemeralSystems[name], name: name}
	run.consumer = acctest.Consumer(t, func(handed map[string]string) bool {
		run.handed.Store(&handed)
		if use := run.use.Load(); use != nil {
			return (*use)(handed)
		}
		return true
	})
	run.Variables(map[string]string{"dt_project": env["TF_VAR_dt_project"], "keycard_organization_id": env["TF_VAR_keycard_organization_id"]})
	run.Write("variables.tf", "variable \"dt_project\" {}\nvariable \"keycard_organization_id\" {}\n")
	run.Write("account.tf", run.system.account)
	run.MustApply()
	box.ForgetRequests(t)
	return run
}

// open puts the credential into the configuration, for a consumer that runs once for each name of a run.
func (r *ephemeralRun) open(name string) {
	r.t.Helper()
	r.Write("ephemeral.tf", r.system.block()+r.consumer(name, r.system.settings))
}

// using says what becomes of what is handed over.
func (r *ephemeralRun) using(use func(handed map[string]string) bool) { r.use.Store(&use) }

// accepted tells whether the system accepts what was handed over latest.
func (r *ephemeralRun) accepted() bool {
	r.t.Helper()
	handed := r.handed.Load()
	if handed == nil || (*handed)[r.system.secret] == "" {
		r.t.Error("nothing was handed over")
		return false
	}
	return asks(r.t, r.box, *handed, r.system.source, nil) == ""
}

// made lists the credentials that there are.
func (r *ephemeralRun) made() []acctest.Object {
	r.t.Helper()
	return r.box.Objects(r.t, r.name, r.system.nouns)
}

// end takes the credential out of the configuration, and destroys the account.
func (r *ephemeralRun) end() {
	r.t.Helper()
	r.Write("ephemeral.tf", "")
	r.MustDestroy()
	r.box.MustBeEmpty(r.t, r.name)
}

// creations counts the requests that make or revoke something.
func (r *ephemeralRun) changes() int {
	r.t.Helper()
	return r.box.Count(r.t, func(request acctest.RequestCount) bool { return request.Method != http.MethodGet && !request.Token })
}

// A plan makes nothing, and sends nothing. An apply makes one credential, which is accepted while it runs and not after it.
func TestEphemeralCredentials(t *testing.T) {
	t.Parallel()
	for name := range ephemeralSystems {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box := acctest.Sandbox(t)
			run := ephemeralRunOf(t, name, box, box.Env())
			logged := run.Log()
			run.open("first")
			if _, printed, changes := run.Plan(tfexec.Refresh(false)); !changes {
				t.Fatalf("the consumer is not planned:\n%s", printed)
			}
			box.MustBeUnasked(t)
			run.using(func(map[string]string) bool { return run.accepted() && len(run.made()) == 1 })
			run.MustApply(run.SavedPlan())
			first := *run.handed.Load()
			if left := run.made(); len(left) > 0 || run.accepted() {
				t.Errorf("after the apply there are %v", left)
			}
			if changes := run.changes(); changes != 2 {
				t.Errorf("%d requests changed something, want a creation and a revocation: %v", changes, box.Requests(t))
			}
			run.MustBeQuiet()
			run.open("second")
			run.MustApply()
			second := *run.handed.Load()
			if first[run.system.secret] == second[run.system.secret] || len(run.made()) > 0 {
				t.Error("the second apply got the secret of the first, or left something")
			}
			if !strings.Contains(logged(), "Opened ephemeral") && !strings.Contains(logged(), "phemeral") {
				t.Error("nothing was logged that would hold a secret")
			}
			for _, handed := range []map[string]string{first, second} {
				if files := run.FilesWith(handed[run.system.secret]); len(files) > 0 {
					t.Errorf("the secret is in %v", files)
				}
			}
			run.end()
		})
	}
}

// What was made is revoked also if the apply fails, and if it is interrupted; deletion_policy has no part in it.
func TestEphemeralCredentialsOfFailedApplies(t *testing.T) {
	t.Parallel()
	for name := range ephemeralSystems {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box := acctest.Sandbox(t)
			run := ephemeralRunOf(t, name, box, box.Env())
			for _, policy := range []string{"delete", "prevent", "abandon"} {
				run.Write("provider.tf", "provider \"machineid\" { deletion_policy = \""+policy+"\" }\n")
				run.open(policy)
				run.using(func(map[string]string) bool {
					if !run.accepted() {
						t.Error("what was handed over is refused")
					}
					return false
				})
				run.ApplyMustFail("local-exec provisioner error")
				if left := run.made(); len(left) > 0 || run.accepted() {
					t.Errorf("after the failed apply there are %v", left)
				}
			}
			run.Write("provider.tf", "")
			ctx, interrupt := context.WithCancel(context.Background())
			defer interrupt()
			run.open("interrupted")
			run.using(func(map[string]string) bool {
				interrupt()
				return true
			})
			printed, _ := run.ApplyUntil(ctx)
			if left := run.made(); len(left) > 0 || run.accepted() {
				t.Errorf("after the interrupt there are %v:\n%s", left, printed)
			}
			run.end()
		})
	}
}

// What somebody else has revoked already is nothing to tell of. What cannot be revoked is told by its id.
func TestEphemeralCredentialsThatCannotBeRevoked(t *testing.T) {
	t.Parallel()
	for name, system := range ephemeralSystems {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box := acctest.Sandbox(t)
			var id string
			run := ephemeralRunOf(t, name, box, box.Env())
			run.using(func(map[string]string) bool {
				id = run.made()[0].ID
				box.Fault(t, map[string]any{"system": name, "method": http.MethodDelete, "path": system.path + "/*", "kind": "status", "status": http.StatusForbidden})
				return true
			})
			run.open("refused")
			printed := run.ApplyMustFail("Cannot revoke ephemeral", "status 403", "It is in no state, so nothing else will revoke the", "the data source machineid_")
			if !strings.Contains(printed, id) {
				t.Errorf("%s is not told", id)
			}
			if left := run.made(); len(left) != 1 || left[0].ID != id || !run.accepted() {
				t.Errorf("there are %v, want %s", left, id)
			}
			box.Mend(t)
			run.Write("ephemeral.tf", "")
			run.Write("strays.tf", system.strays+"output \"strays\" {\n value = "+system.listed+"\n}\n")
			run.MustApply()
			if listed, _ := run.Output("strays").([]any); len(listed) != 1 || listed[0] != id {
				t.Errorf("%v are listed, want %s", listed, id)
			}
			run.end()
		})
	}
}
