package provider_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// interruptible is a type whose creation is interrupted. Holder is the type of what it is made in, "" for nothing that would
// have to be made first; parent is the attribute that leads there, and holderID the holder's own one that it takes.
type interruptible struct {
	resource, path, id, secret, place string
	values                            func(env map[string]string) map[string]any
	holder, parent, holderID          string
}

// named gives an object a name, and what else it needs by the variables that tell it.
func named(attribute string, more ...string) func(map[string]string) map[string]any {
	return func(env map[string]string) map[string]any {
		values := map[string]any{}
		if attribute != "" {
			values[attribute] = "interrupted"
		}
		for i := 0; i < len(more); i += 2 {
			values[more[i]] = env[more[i+1]]
		}
		return values
	}
}

var interruptibles = map[string]interruptible{
	"zenml account": {
		resource: "machineid_zenml_service_account", path: "/service_accounts", id: "id", place: "the list of service accounts", values: named("name"),
	},
	"zenml key": {
		resource: "machineid_zenml_api_key", path: "/api_keys", id: "id", secret: "key", place: "the list of API keys of service account", values: named("name"),
		holder: "zenml account", parent: "service_account_id", holderID: "id",
	},
	"dt account": {
		resource: "machineid_dt_service_account", path: "/serviceaccounts", id: "id", place: "the list of service accounts of projects/", values: named("display_name", "project", "TF_VAR_dt_project"),
	},
	"dt key": {
		resource: "machineid_dt_service_account_key", path: "/keys", id: "id", secret: "secret", place: "the list of keys of projects/", values: named(""),
		holder: "dt account", parent: "service_account", holderID: "name",
	},
	"dt project member": {
		resource: "machineid_dt_project_member", path: "/members", id: "name", place: "the list of members of projects/",
		values: func(env map[string]string) map[string]any {
			return map[string]any{"project": env["TF_VAR_dt_other_project"], "role": "roles/project.user"}
		},
		holder: "dt account", parent: "email", holderID: "email",
	},
	"neowit account": {
		resource: "machineid_neowit_service_account", path: "/service-account", id: "id", place: "the list of service accounts of", values: named("name"),
	},
	"neowit key": {
		resource: "machineid_neowit_service_account_key", path: "/key", id: "key_id", secret: "secret", place: "the list of keys of service account", values: named(""),
		holder: "neowit account", parent: "service_account_id", holderID: "id",
	},
	"keycard account": {
		resource: "machineid_keycard_service_account", path: "/service-accounts", id: "id", place: "the list of service accounts of organization",
		values: named("name", "organization_id", "TF_VAR_keycard_organization_id"),
	},
	"keycard credential": {
		resource: "machineid_keycard_service_account_credential", path: "/credentials", id: "id", secret: "client_secret", place: "the list of credentials of service account",
		values: named("name", "organization_id", "TF_VAR_keycard_organization_id"), holder: "keycard account", parent: "service_account_id", holderID: "id",
	},
}

// held is what happens to the creation that is interrupted.
type held int

const (
	answeredLate held = iota // 1.5 s after the interrupt
	neverAnswered
	neverArrived
)

// holding has the creations below a path held, and tells when one is under way.
func holding(t *testing.T, box *acctest.Box, path string, how held) (env map[string]string, active *atomic.Bool, underWay chan struct{}) {
	t.Helper()
	return holdingIf(t, box, how, func(r *http.Request) bool { return r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, path) })
}

// holdingIf is [holding] for whatever requests are to be held.
func holdingIf(t *testing.T, box *acctest.Box, how held, holds func(*http.Request) bool) (env map[string]string, active *atomic.Bool, underWay chan struct{}) {
	t.Helper()
	active, underWay = &atomic.Bool{}, make(chan struct{}, 8)
	isHeld := func(r *http.Request) bool { return active.Load() && holds(r) }
	env = box.Between(t, acctest.Between{
		Before: func(r *http.Request) bool {
			if !isHeld(r) {
				return true
			}
			if how != neverArrived {
				return true
			}
			underWay <- struct{}{}
			// The end of the connection is only seen by whoever has read the request.
			_, _ = io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
			return false
		},
		After: func(r *http.Request) bool {
			if !isHeld(r) {
				return true
			}
			underWay <- struct{}{}
			if how == answeredLate {
				<-time.After(1500 * time.Millisecond)
				return true
			}
			<-r.Context().Done()
			return false
		},
	})
	return env, active, underWay
}

// An interrupt does not cut a creation in flight. An answer within 3 s is put into the state; otherwise the place is looked
// into, once, and within 5 s the creation ends with what was found there, or with an error that names the place and when.
func TestInterruptedCreations(t *testing.T) {
	t.Parallel()
	for name, how := range map[string]held{"answered late": answeredLate, "never answered": neverAnswered, "never arrived": neverArrived} {
		for noun, kind := range interruptibles {
			t.Run(noun+", "+name, func(t *testing.T) {
				t.Parallel()
				box := acctest.Sandbox(t)
				env, active, underWay := holding(t, box, kind.path, how)
				served := serve(t, env)
				values := kind.values(env)
				if holder, ok := interruptibles[kind.holder]; ok {
					made, told := served.create(t, holder.resource, holder.values(env))
					if len(told) > 0 {
						t.Fatal(told)
					}
					values[kind.parent] = textIn(made, kind.holderID)
				}
				before := objectIDs(t, box)
				active.Store(true)
				interrupted := make(chan time.Time, 1)
				go func() {
					<-underWay
					interrupted <- time.Now()
					_, _ = served.server.StopProvider(context.WithoutCancel(t.Context()), &tfprotov6.StopProviderRequest{})
				}()
				made, told := served.create(t, kind.resource, values)
				if took := since(t, interrupted); took > 5*time.Second {
					t.Errorf("the creation ended %s after the interrupt", took)
				}
				id, secret := textIn(made, kind.id), textIn(made, kind.secret)
				created := objectIDs(t, box)
				for one := range before {
					delete(created, one)
				}
				known := false
				for one := range created {
					known = known || strings.HasSuffix(one, "/"+id[strings.LastIndexByte(id, '/')+1:])
				}
				if (how == neverArrived) != (len(created) == 0) || known == (how == neverArrived) {
					t.Errorf("the state has %q, the sandbox %v", id, created)
				}
				all := strings.Join(told, "\n")
				switch how {
				case answeredLate:
					if all != "" || (secret == "") != (kind.secret == "") {
						t.Errorf("the secret is in the state: %t; told was:\n%s", secret != "", all)
					}
				case neverAnswered:
					if secret != "" || !acctest.Says("Cannot create", kind.place, "was made there just then").MatchString(all) {
						t.Errorf("told was:\n%s", all)
					}
				case neverArrived:
					if len(made) > 0 || !acctest.Says("Cannot create", "nothing was found in "+kind.place, "that was made between", " and ").MatchString(all) {
						t.Errorf("told was:\n%s", all)
					}
				}
			})
		}
	}
}

// since is how long ago the interrupt was.
func since(t *testing.T, interrupted <-chan time.Time) time.Duration {
	t.Helper()
	select {
	case at := <-interrupted:
		return time.Since(at)
	default:
		t.Fatal("nothing was under way that could be interrupted")
		return 0
	}
}

// The same by Ctrl-C in the CLI, with the provider as users have it.
func TestInterruptedByTheCLI(t *testing.T) {
	t.Parallel()
	for name, how := range map[string]held{"answered late": answeredLate, "never answered": neverAnswered, "never arrived": neverArrived} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box := acctest.Sandbox(t)
			env, active, underWay := holding(t, box, "/keys", how)
			w := acctest.NewInstalledWorkspace(t, env)
			w.Variables(map[string]string{"project": env["TF_VAR_dt_project"]})
			w.Write("main.tf", `
				variable "project" {}
				resource "machineid_dt_service_account" "test" {
					project      = var.project
					display_name = "interrupted"
				}
				resource "machineid_dt_service_account_key" "test" {
					service_account = machineid_dt_service_account.test.name
				}`)
			active.Store(true)
			ctx, interrupt := context.WithCancel(context.Background())
			defer interrupt()
			interrupted := make(chan time.Time, 1)
			go func() {
				<-underWay
				interrupted <- time.Now()
				interrupt()
			}()
			printed, err := w.ApplyUntil(ctx)
			// The creation has 5 s of it; the rest is for the CLI to end.
			if took := since(t, interrupted); took > 10*time.Second || err == nil {
				t.Errorf("the apply ended %s after the interrupt, with %v:\n%s", took, err, printed)
			}
			const address = "machineid_dt_service_account_key.test"
			id, _ := w.Value(address, "id").(string)
			secret, _ := w.Value(address, "secret").(string)
			keys := box.Objects(t, "dt", "service_account_keys")
			if (id != "") != (how != neverArrived) || id != "" && (len(keys) != 1 || keys[0].ID != id) || (secret != "") != (how == answeredLate) {
				t.Errorf("the state has the key %q, with its secret: %t; the sandbox has %v", id, secret != "", keys)
			}
			switch how {
			case answeredLate:
			case neverAnswered:
				if !acctest.Says("the list of keys of", id+" was made there just then", "the next apply replaces it").MatchString(printed) {
					t.Errorf("told was:\n%s", printed)
				}
			case neverArrived:
				if !acctest.Says("nothing was found in the list of keys of", "that was made between").MatchString(printed) {
					t.Errorf("told was:\n%s", printed)
				}
			}
			active.Store(false)
			w.MustApply()
			w.MustBeQuiet()
			w.MustDestroy()
			for noun, left := range box.AllObjects(t)["dt"] {
				if len(left) > 0 {
					t.Errorf("left behind: %s %v", noun, left)
				}
			}
		})
	}
}

// objectIDs tells what the systems hold, as <noun>/<id>: a member has the id of its account.
func objectIDs(t *testing.T, box *acctest.Box) map[string]bool {
	t.Helper()
	ids := map[string]bool{}
	for _, byNoun := range box.AllObjects(t) {
		for noun, objects := range byNoun {
			for _, object := range objects {
				ids[noun+"/"+object.ID] = true
			}
		}
	}
	return ids
}

// textIn is a text of an object; "" if there is none.
func textIn(object map[string]tftypes.Value, attribute string) string {
	var text *string
	value, ok := object[attribute]
	if !ok || !value.IsKnown() || value.As(&text) != nil || text == nil {
		return ""
	}
	return *text
}
