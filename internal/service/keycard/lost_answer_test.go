package keycard_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

const (
	inAcme     = "provider \"machineid\" { keycard = { organization_id = \"acme\" } }\n"
	onlyListed = "provider \"machineid\" {\n unknown_outcome = \"stop\"\n keycard = { organization_id = \"acme\" }\n}\n"
)

// making is a type whose creation is broken.
type making struct{ address, path, nouns, place, config string }

// makings are both types, for an account that holds the credentials.
func makings(holder string) map[string]making {
	return map[string]making{
		"an account":   {accountAddress, "/organizations/*/service-accounts", accounts, "the list of service accounts of organization acme", accountNamed("ci")},
		"a credential": {credentialAddress, "/organizations/*/service-accounts/*/credentials", credentials, "the list of credentials of service account " + holder, credentialOf(quoted(holder))},
	}
}

// several makes a configuration that has a number of the same object, with names of their own.
func several(config string, count int) string {
	config = strings.Replace(config, "{\n", fmt.Sprintf("{\n count = %d\n", count), 1)
	return strings.Replace(config, `"ci"`, `"ci-${count.index}"`, 1)
}

// made lists the names of what the sandbox holds of this type, by id, without an account that the test has made.
func (m making) made(t *testing.T, server server, holder string) map[string]string {
	t.Helper()
	names := server.box.Names(t, "keycard", m.nouns)
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
				holder := server.hand.createAccount(t, "holder")
				making := makings(holder)[noun]
				w := acctest.NewWorkspace(t, server.env)
				w.Write("main.tf", inAcme+making.config)
				server.fault(t, "POST", making.path, kind, map[string]any{"times": 1})
				printed := w.ApplyMustFail("Cannot create Keycard", "The answer to the creation was lost, so "+making.place, "was made there just then", "the next apply replaces it")
				made := making.made(t, server, holder)
				id, _ := w.Value(making.address, "id").(string)
				if _, ok := made[id]; !ok || len(made) != 1 || w.Value(making.address, "client_secret") != nil || !acctest.Said(printed, id+" was made there just then") {
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
			holder := server.hand.createAccount(t, "holder")
			making := makings(holder)[noun]
			w := acctest.NewWorkspace(t, server.env)
			w.Write("main.tf", inAcme+making.config)
			server.fault(t, "POST", making.path, "cut_before", map[string]any{"times": 1})
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
				holder := server.hand.createAccount(t, "holder")
				making := makings(holder)[noun]
				w := acctest.NewWorkspace(t, server.env)
				w.Write("main.tf", inAcme+several(making.config, 6))
				server.fault(t, "POST", making.path, "cut_after", map[string]any{"times": lost})
				w.ApplyMustFail("was made there just then")
				made, tainted, state := making.made(t, server, holder), 0, w.State()
				if state.Values == nil {
					t.Fatal("nothing is in the state")
				}
				for _, resource := range state.Values.RootModule.Resources {
					delete(made, resource.AttributeValues["id"].(string))
					if resource.Tainted {
						tainted++
					}
					if secret := resource.AttributeValues["client_secret"]; noun == "a credential" && (secret == nil) != resource.Tainted {
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
			holder := server.hand.createAccount(t, "holder")
			making := makings(holder)[noun]
			w := acctest.NewWorkspace(t, server.env)
			w.Write("main.tf", onlyListed+making.config)
			server.fault(t, "POST", making.path, "cut_after", map[string]any{"times": 1})
			printed := w.ApplyMustFail("Cannot create Keycard", `unknown_outcome is "stop", so nothing was taken`, making.place, ", made at", "Import or delete")
			made := making.made(t, server, holder)
			for id := range made {
				if !acctest.Said(printed, id+", made at") {
					t.Errorf("%s is not told:\n%s", id, printed)
				}
			}
			if len(made) != 1 || w.Value(making.address, "id") != nil {
				t.Errorf("the server has %v, the state %v", made, w.Value(making.address, "id"))
			}
		})
	}
}

// What others make in the same place at the same time under other names is not touched. The same name cannot be told apart,
// so both are listed.
func TestALostAnswerBesideOthers(t *testing.T) {
	t.Parallel()
	for noun := range makings("") {
		for name, want := range map[string][]string{
			"theirs": {"was made there just then", "the next apply replaces it"},
			"ci":     {"more was made between", "than the 1 that this run has lost, so nothing was touched", ", made at", ", made at", "Import or delete what is yours"},
		} {
			t.Run(noun+" named "+name, func(t *testing.T) {
				t.Parallel()
				server := target(t)
				holder := server.hand.createAccount(t, "holder")
				making := makings(holder)[noun]
				env, visitor := server.box.Visit(t, making.path, false, func() (id, secret string) {
					if noun == "an account" {
						return server.hand.createAccount(t, name), ""
					}
					id, _, secret = server.hand.createCredential(t, holder, name)
					return id, secret
				})
				w := acctest.NewWorkspace(t, env)
				w.Write("main.tf", inAcme+making.config)
				printed := w.ApplyMustFail(want...)
				theirs, _ := visitor()
				made := making.made(t, server, holder)
				known, _ := w.Value(making.address, "id").(string)
				if len(made) != 2 || made[theirs] != name || known == theirs || (known == "") != (name == "ci") {
					t.Errorf("theirs is %s, the server has %v, the state %q", theirs, made, known)
				}
				if name == "ci" {
					if !acctest.Said(printed, theirs+", made at") {
						t.Errorf("%s is not listed:\n%s", theirs, printed)
					}
					return
				}
				w.MustApply()
				w.MustBeQuiet()
				w.MustDestroy()
				if left := making.made(t, server, holder); len(left) != 1 || left[theirs] != name {
					t.Errorf("theirs is %s, and there are %v", theirs, left)
				}
			})
		}
	}
}

// A creation that succeeds costs no look, neither before nor after it.
func TestNoLookBesideAnAnswer(t *testing.T) {
	t.Parallel()
	server := target(t)
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", inAcme+several(accountNamed("ci"), 4)+several(credentialOf(accountAddress+"[count.index].id"), 4))
	w.MustApply()
	// The label of the organization is resolved once, for its id to be noted.
	if read := server.answered(t, http.MethodGet, 0); read > 1 {
		t.Errorf("%d reads beside creations", read)
	}
	w.MustDestroy()
}
