package neowit_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

const onlyListed = "provider \"machineid\" {\n unknown_outcome = \"stop\"\n}\n"

const accountsPath = "/api/service-account/v1/service-account"

// making is a type whose creation is broken.
type making struct {
	address, id, path, nouns, place string
	config                          string
}

// makings are both types, for an account that holds the keys.
func makings(holder string) map[string]making {
	return map[string]making{
		"an account": {accountAddress, "id", accountsPath, "service_accounts", "the list of service accounts of", accountNamed("ci")},
		"a key":      {keyAddress, "key_id", accountsPath + "/*/key", "service_account_keys", "the list of keys of service account " + holder, keyOf(`"` + holder + `"`)},
	}
}

// several makes a configuration that has a number of the same object, with names of their own if they have names.
func several(config string, count int) string {
	config = strings.Replace(config, "{\n", fmt.Sprintf("{\n count = %d\n", count), 1)
	return strings.Replace(config, `"ci"`, `"ci-${count.index}"`, 1)
}

// made lists the names of what the sandbox holds of this type, by id, without an account that the test has made.
func (m making) made(t *testing.T, server server, holder string) map[string]string {
	t.Helper()
	names := server.box.Names(t, "neowit", m.nouns)
	delete(names, holder)
	return names
}

// What was made is taken into the state without its secret, told by place and id, and replaced by the next apply.
func TestALostAnswer(t *testing.T) {
	t.Parallel()
	for noun := range makings("") {
		for _, kind := range []string{"cut_after", "empty", "html"} {
			t.Run(noun+", "+kind, func(t *testing.T) {
				t.Parallel()
				server := target(t)
				holder := server.hand.createAccount(t, "", "holder")
				making := makings(holder)[noun]
				w := acctest.NewWorkspace(t, server.env)
				w.Write("main.tf", making.config)
				server.box.Fault(t, map[string]any{"system": "neowit", "method": "POST", "path": making.path, "kind": kind, "times": 1})
				printed := w.ApplyMustFail("Cannot create Neowit", "The answer to the creation was lost, so "+making.place, "was made there just then", "the next apply replaces it")
				made := making.made(t, server, holder)
				id, _ := w.Value(making.address, making.id).(string)
				if _, ok := made[id]; !ok || len(made) != 1 || w.Value(making.address, "secret") != nil || !acctest.Said(printed, id+" was made there just then") {
					t.Errorf("the state has %q, the server %v, or a secret that was never received:\n%s", id, made, printed)
				}
				if plan, printed, _ := w.Plan(); acctest.Actions(plan, making.address) != "delete+create" {
					t.Errorf("it is to be replaced:\n%s", printed)
				}
				w.MustApply()
				w.MustBeQuiet()
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
	for noun := range makings("") {
		t.Run(noun, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			holder := server.hand.createAccount(t, "", "holder")
			making := makings(holder)[noun]
			w := acctest.NewWorkspace(t, server.env)
			w.Write("main.tf", making.config)
			server.box.Fault(t, map[string]any{"system": "neowit", "method": "POST", "path": making.path, "kind": "cut_before", "times": 1})
			w.MustApply()
			if made := making.made(t, server, holder); len(made) != 1 {
				t.Errorf("there are %v", made)
			}
			w.MustBeQuiet()
			w.MustDestroy()
		})
	}
}

// Of several that are lost side by side, each is found. What was answered keeps its secret.
func TestSeveralLostAnswers(t *testing.T) {
	t.Parallel()
	for noun := range makings("") {
		for _, lost := range []int{6, 3} {
			t.Run(fmt.Sprintf("%d of 6, %s", lost, noun), func(t *testing.T) {
				t.Parallel()
				server := target(t)
				holder := server.hand.createAccount(t, "", "holder")
				making := makings(holder)[noun]
				w := acctest.NewWorkspace(t, server.env)
				w.Write("main.tf", several(making.config, 6))
				server.box.Fault(t, map[string]any{"system": "neowit", "method": "POST", "path": making.path, "kind": "cut_after", "times": lost})
				w.ApplyMustFail("was made there just then")
				made, tainted, state := making.made(t, server, holder), 0, w.State()
				if state.Values == nil {
					t.Fatal("nothing is in the state")
				}
				for _, resource := range state.Values.RootModule.Resources {
					delete(made, resource.AttributeValues[making.id].(string))
					if resource.Tainted {
						tainted++
					}
					if secret := resource.AttributeValues["secret"]; noun == "a key" && (secret == nil) != resource.Tainted {
						t.Errorf("%s has a secret: %t", resource.Address, secret != nil)
					}
				}
				if len(made) > 0 || tainted != lost {
					t.Errorf("%d are tainted, and nobody knows %v", tainted, made)
				}
				w.MustApply()
				w.MustBeQuiet()
				w.MustDestroy()
				if left := making.made(t, server, holder); len(left) > 0 {
					t.Errorf("left behind: %v", left)
				}
			})
		}
	}
}

// With unknown_outcome = "stop" what was made is told, and nothing else happens.
func TestALostAnswerThatIsOnlyTold(t *testing.T) {
	t.Parallel()
	for noun := range makings("") {
		t.Run(noun, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			holder := server.hand.createAccount(t, "", "holder")
			making := makings(holder)[noun]
			w := acctest.NewWorkspace(t, server.env)
			w.Write("main.tf", onlyListed+making.config)
			server.box.Fault(t, map[string]any{"system": "neowit", "method": "POST", "path": making.path, "kind": "cut_after", "times": 1})
			printed := w.ApplyMustFail("Cannot create Neowit", `unknown_outcome is "stop", so nothing was taken`, making.place, ", made at", "Import or delete")
			made := making.made(t, server, holder)
			for id := range made {
				if !acctest.Said(printed, id+", made at") {
					t.Errorf("%s is not told:\n%s", id, printed)
				}
			}
			if len(made) != 1 || w.Value(making.address, making.id) != nil {
				t.Errorf("the server has %v, the state %v", made, w.Value(making.address, making.id))
			}
		})
	}
}

// A creation that succeeds costs no look, neither before nor after it.
func TestNoLookBesideAnAnswer(t *testing.T) {
	t.Parallel()
	server := target(t)
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", several(accountNamed("ci"), 4)+several(keyOf(accountAddress+"[count.index].id"), 4))
	w.MustApply()
	if read := server.answered(t, http.MethodGet, 0); read > 0 {
		t.Errorf("%d reads beside creations", read)
	}
	w.MustDestroy()
}
