package zenml_test

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// The server replays its answer to a repeated creation, so nothing is lost as long as it is reached again. These tests
// are about what is left when it is not.

const (
	noRetries  = "provider \"machineid\" { max_retries = 0 }\n"
	onlyListed = "provider \"machineid\" {\n max_retries = 0\n unknown_outcome = \"stop\"\n}\n"
)

// making is a type whose creation is broken.
type making struct {
	resource, path, nouns, place string
	config                       func(account string, count int) string
}

var makings = map[string]making{
	"accounts": {
		resource: "machineid_zenml_service_account.test", path: "/api/v1/service_accounts", nouns: "service_accounts", place: "the list of service accounts",
		config: func(_ string, count int) string {
			return fmt.Sprintf("resource \"machineid_zenml_service_account\" \"test\" {\n count = %d\n name = \"lost-${count.index}\"\n}\n", count)
		},
	},
	"keys": {
		resource: "machineid_zenml_api_key.test", path: "/api/v1/service_accounts/*/api_keys", nouns: "api_keys", place: "the list of API keys of service account",
		config: func(account string, count int) string {
			return fmt.Sprintf("resource \"machineid_zenml_api_key\" \"test\" {\n count = %d\n service_account_id = %q\n name = \"lost-${count.index}\"\n}\n", count, account)
		},
	},
}

// made lists what the sandbox holds of this type, by id, without an account that the test has made.
func (m making) made(t *testing.T, server server, holder string) map[string]string {
	t.Helper()
	names := server.box.Names(t, "zenml", m.nouns)
	delete(names, holder)
	return names
}

// mustBeKnown fails unless the state has exactly these objects, and no secret of any.
func mustBeKnown(t *testing.T, w *acctest.Workspace, ids map[string]string) {
	t.Helper()
	state, known := w.State(), 0
	if state.Values != nil {
		for _, resource := range state.Values.RootModule.Resources {
			known++
			if id, _ := resource.AttributeValues["id"].(string); ids[id] == "" {
				t.Errorf("%s has the id %q, which is none of %v", resource.Address, id, ids)
			}
			if resource.AttributeValues["key"] != nil || !resource.Tainted {
				t.Errorf("%s has a secret that was never received, or is not tainted", resource.Address)
			}
		}
	}
	if known != len(ids) {
		t.Errorf("the state has %d objects, the server %v", known, ids)
	}
}

// What was made is taken into the state without its secret, told by place and id, and replaced by the next apply.
func TestALostAnswer(t *testing.T) {
	t.Parallel()
	for noun, making := range makings {
		for _, kind := range []string{"cut_after", "empty", "html"} {
			t.Run(noun+", "+kind, func(t *testing.T) {
				t.Parallel()
				server := target(t)
				holder := server.hand.createAccount(t, "holder")
				w := acctest.NewWorkspace(t, server.env)
				w.Write("main.tf", noRetries+making.config(holder, 1))
				server.box.Fault(t, map[string]any{"system": "zenml", "method": "POST", "path": making.path, "kind": kind})
				printed := w.ApplyMustFail("Cannot create ZenML", "The answer to the creation was lost, so "+making.place, "was made there just then", "the next apply replaces it")
				made := making.made(t, server, holder)
				mustBeKnown(t, w, made)
				for id := range made {
					if !acctest.Said(printed, id+" was made there just then", "the next apply replaces it") {
						t.Errorf("%s is not told:\n%s", id, printed)
					}
				}
				server.box.Mend(t)
				if plan, printed, _ := w.Plan(); len(made) != 1 || acctest.Actions(plan, making.resource+"[0]") != "delete+create" {
					t.Errorf("%v is to be replaced:\n%s", made, printed)
				}
				w.MustApply()
				w.MustBeQuiet()
				for id := range making.made(t, server, holder) {
					if made[id] != "" {
						t.Error("it was not replaced")
					}
				}
				w.MustDestroy()
				if left := making.made(t, server, holder); len(left) > 0 {
					t.Errorf("left behind: %v", left)
				}
			})
		}
	}
}

// If nothing is found, the creation is repeated, and ends well.
func TestALostRequest(t *testing.T) {
	t.Parallel()
	for noun, making := range makings {
		t.Run(noun, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			holder := server.hand.createAccount(t, "holder")
			var looks atomic.Int32
			w := acctest.NewWorkspace(t, server.box.Between(t, acctest.Between{Before: func(r *http.Request) bool {
				if r.Method == http.MethodGet {
					looks.Add(1)
				}
				return !acctest.IsCreation(r, making.path) || looks.Load() > 0
			}}))
			w.Write("main.tf", noRetries+making.config(holder, 1))
			w.MustApply()
			if made := making.made(t, server, holder); len(made) != 1 || looks.Load() != 3 {
				t.Errorf("%d looks, and there are %v", looks.Load(), made)
			}
			w.MustBeQuiet()
			w.MustDestroy()
		})
	}
}

// Of several that are lost side by side, each is found.
func TestSeveralLostAnswers(t *testing.T) {
	t.Parallel()
	for noun, making := range makings {
		t.Run(noun, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			holder := server.hand.createAccount(t, "holder")
			w := acctest.NewWorkspace(t, server.env)
			w.Write("main.tf", noRetries+making.config(holder, 6))
			server.box.Fault(t, map[string]any{"system": "zenml", "method": "POST", "path": making.path, "kind": "cut_after"})
			w.ApplyMustFail()
			lost := making.made(t, server, holder)
			if len(lost) != 6 {
				t.Errorf("there are %v", lost)
			}
			mustBeKnown(t, w, lost)
			server.box.Mend(t)
			w.MustApply()
			w.MustBeQuiet()
			w.MustDestroy()
			if left := making.made(t, server, holder); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

// With unknown_outcome = "stop" what was made is told, and nothing else happens.
func TestALostAnswerThatIsOnlyTold(t *testing.T) {
	t.Parallel()
	for noun, making := range makings {
		t.Run(noun, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			holder := server.hand.createAccount(t, "holder")
			w := acctest.NewWorkspace(t, server.env)
			w.Write("main.tf", onlyListed+making.config(holder, 1))
			server.box.Fault(t, map[string]any{"system": "zenml", "method": "POST", "path": making.path, "kind": "cut_after"})
			printed := w.ApplyMustFail("Cannot create ZenML", `unknown_outcome is "stop", so nothing was taken`, making.place, ", made at", "Import or delete")
			made := making.made(t, server, holder)
			for id := range made {
				if !acctest.Said(printed, making.place, id+", made at", "Import or delete") {
					t.Errorf("%s is not told:\n%s", id, printed)
				}
			}
			if len(made) != 1 {
				t.Errorf("there are %v", made)
			}
			mustBeKnown(t, w, nil)
		})
	}
}

// What others make in the same place at the same time has other names, and is not touched.
func TestALostAnswerBesideOthers(t *testing.T) {
	t.Parallel()
	for noun, making := range makings {
		t.Run(noun, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			holder := server.hand.createAccount(t, "holder")
			made := make(chan string, 1)
			var broken, visited atomic.Bool
			broken.Store(true)
			w := acctest.NewWorkspace(t, server.box.Between(t, acctest.Between{
				Before: func(r *http.Request) bool {
					if acctest.IsCreation(r, making.path) && visited.CompareAndSwap(false, true) {
						id := server.hand.createAccount(t, "theirs")
						if noun == "keys" {
							id, _ = server.hand.createKey(t, holder, "theirs")
						}
						made <- id
					}
					return true
				},
				After: func(r *http.Request) bool { return !acctest.IsCreation(r, making.path) || !broken.Load() },
			}))
			w.Write("main.tf", noRetries+making.config(holder, 1))
			w.ApplyMustFail()
			lost, theirs := making.made(t, server, holder), <-made
			if lost[theirs] != "theirs" {
				t.Fatalf("there are %v", lost)
			}
			delete(lost, theirs)
			mustBeKnown(t, w, lost)
			broken.Store(false)
			w.MustApply()
			w.MustBeQuiet()
			w.MustDestroy()
			if left := making.made(t, server, holder); len(left) != 1 || left[theirs] != "theirs" {
				t.Errorf("theirs is %s, and there are %v", theirs, left)
			}
		})
	}
}

// A creation that succeeds costs no look, neither before nor after it.
func TestNoLookBesideAnAnswer(t *testing.T) {
	t.Parallel()
	server := target(t)
	holder := server.hand.createAccount(t, "holder")
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", makings["accounts"].config("", 4)+makings["keys"].config(holder, 4))
	server.box.ForgetRequests(t)
	w.MustApply()
	for _, request := range server.box.Requests(t) {
		if !request.Token && request.Method != http.MethodPost {
			t.Errorf("%+v", request)
		}
	}
	w.MustDestroy()
}
