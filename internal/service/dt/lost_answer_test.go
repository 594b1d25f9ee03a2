package dt_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

const onlyListed = "provider \"machineid\" {\n unknown_outcome = \"stop\"\n}\n"

// making is a type whose creation is broken.
type making struct {
	address, path, nouns, place string
	config                      string
}

// makings are all types, for a holder that has no key and is no member.
func (s server) makings(holder, email string) map[string]making {
	return map[string]making{
		"an account": {
			accountAddress, "/v2/projects/*/serviceaccounts", "service_accounts",
			"the list of service accounts of " + s.project, accountIn(s.project),
		},
		"a key": {
			keyAddress, "/v2/projects/*/serviceaccounts/*/keys", "service_account_keys",
			"the list of keys of " + holder, keyOf(holder),
		},
		"a project member": {
			projectMemberAddress, "/v2/projects/*/members", "project_members",
			"the list of members of " + s.otherProject, memberIn(s.otherProject, email, "roles/project.user"),
		},
		"an organization member": {
			organizationMemberAddress, "/v2/organizations/*/members", "organization_members",
			"the list of members of " + s.organization, memberOf(s.organization, email, "roles/organization.admin"),
		},
	}
}

// several makes a configuration that has a number of the same object.
func several(config string, count int) string {
	return strings.Replace(config, "{\n", fmt.Sprintf("{\n count = %d\n", count), 1)
}

// made lists the names of what the sandbox holds of this type, by id, without an account that the test has made.
func (m making) made(t *testing.T, server server, holder string) map[string]string {
	t.Helper()
	names := server.box.Names(t, "dt", m.nouns)
	if m.nouns == "service_accounts" { // a member has the id of its account
		delete(names, last(holder))
	}
	return names
}

// mustBeKnown fails unless the state has exactly these objects, and no secret of any.
func mustBeKnown[T any](t *testing.T, w *acctest.Workspace, ids map[string]T) {
	t.Helper()
	state, known := w.State(), 0
	if state.Values != nil {
		for _, resource := range state.Values.RootModule.Resources {
			known++
			name, _ := resource.AttributeValues["name"].(string)
			if _, ok := ids[last(name)]; !ok {
				t.Errorf("%s has the name %q, which is none of %v", resource.Address, name, ids)
			}
			if resource.AttributeValues["secret"] != nil || !resource.Tainted {
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
	for noun := range (server{}).makings("", "") {
		for _, kind := range []string{"cut_after", "empty"} {
			t.Run(noun+", "+kind, func(t *testing.T) {
				t.Parallel()
				server := target(t)
				holder, email := server.hand.createAccount(t, server.otherProject, "holder")
				making := server.makings(holder, email)[noun]
				w := acctest.NewWorkspace(t, server.env)
				w.Write("main.tf", making.config)
				server.box.Fault(t, map[string]any{"system": "dt", "method": "POST", "path": making.path, "kind": kind, "times": 1})
				printed := w.ApplyMustFail("Cannot create DT", "The answer to the creation was lost, so "+making.place, "was made there just then", "the next apply replaces it")
				made := making.made(t, server, holder)
				mustBeKnown(t, w, made)
				for id := range made {
					if !acctest.Said(printed, id+" was made there just then") {
						t.Errorf("%s is not told:\n%s", id, printed)
					}
				}
				if plan, printed, _ := w.Plan(); len(made) != 1 || acctest.Actions(plan, making.address) != "delete+create" {
					t.Errorf("%v is to be replaced:\n%s", made, printed)
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
	for noun := range (server{}).makings("", "") {
		t.Run(noun, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			holder, email := server.hand.createAccount(t, server.otherProject, "holder")
			making := server.makings(holder, email)[noun]
			w := acctest.NewWorkspace(t, server.env)
			w.Write("main.tf", making.config)
			server.box.Fault(t, map[string]any{"system": "dt", "method": "POST", "path": making.path, "kind": "cut_before", "times": 1})
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
	for _, noun := range []string{"an account", "a key"} {
		for _, lost := range []int{6, 3} {
			t.Run(fmt.Sprintf("%d of 6, %s", lost, noun), func(t *testing.T) {
				t.Parallel()
				server := target(t)
				holder, email := server.hand.createAccount(t, server.otherProject, "holder")
				making := server.makings(holder, email)[noun]
				w := acctest.NewWorkspace(t, server.env)
				w.Write("main.tf", several(making.config, 6))
				server.box.Fault(t, map[string]any{"system": "dt", "method": "POST", "path": making.path, "kind": "cut_after", "times": lost})
				w.ApplyMustFail("was made there just then")
				made, tainted, state := making.made(t, server, holder), 0, w.State()
				if state.Values == nil {
					t.Fatal("nothing is in the state")
				}
				for _, resource := range state.Values.RootModule.Resources {
					delete(made, last(resource.AttributeValues["name"].(string)))
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
	for noun := range (server{}).makings("", "") {
		t.Run(noun, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			holder, email := server.hand.createAccount(t, server.otherProject, "holder")
			making := server.makings(holder, email)[noun]
			w := acctest.NewWorkspace(t, server.env)
			w.Write("main.tf", onlyListed+making.config)
			server.box.Fault(t, map[string]any{"system": "dt", "method": "POST", "path": making.path, "kind": "cut_after", "times": 1})
			printed := w.ApplyMustFail("Cannot create DT", `unknown_outcome is "stop", so nothing was taken`, making.place, ", made at", "Import or delete")
			made := making.made(t, server, holder)
			for id := range made {
				if !acctest.Said(printed, id+", made at") {
					t.Errorf("%s is not told:\n%s", id, printed)
				}
			}
			if len(made) != 1 {
				t.Errorf("there are %v", made)
			}
			mustBeKnown[string](t, w, nil)
		})
	}
}

// A creation that succeeds costs no look, neither before nor after it.
func TestNoLookBesideAnAnswer(t *testing.T) {
	t.Parallel()
	server := target(t)
	holder, email := server.hand.createAccount(t, server.otherProject, "holder")
	w := acctest.NewWorkspace(t, server.env)
	config := ""
	for _, making := range server.makings(holder, email) {
		config += making.config
	}
	w.Write("main.tf", config)
	server.box.ForgetRequests(t)
	w.MustApply()
	for _, request := range server.box.Requests(t) {
		if !request.Token && request.Method != http.MethodPost {
			t.Errorf("%+v", request)
		}
	}
	w.MustDestroy()
}
