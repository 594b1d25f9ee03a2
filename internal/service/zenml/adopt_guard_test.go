package zenml_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-exec/tfexec"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// endings are the ways in which Terraform comes to delete a key. Of a tainted one that it replaces, the provider's own note
// is lost, and the refresh has overwritten last_rotated.
var endings = map[string]func(w *acctest.Workspace, account string) (printed string, err error){
	"a tainted key is replaced": func(w *acctest.Workspace, _ string) (string, error) {
		w.Taint(keyAddress)
		return w.Apply()
	},
	"a tainted key is replaced without a refresh": func(w *acctest.Workspace, _ string) (string, error) {
		w.Taint(keyAddress)
		return w.Apply(tfexec.Refresh(false))
	},
	"a tainted key is replaced after its successor": func(w *acctest.Workspace, account string) (string, error) {
		w.Taint(keyAddress)
		w.Write("main.tf", adopting+keyNamed(account, "successor", "lifecycle {\n create_before_destroy = true\n}"))
		return w.Apply()
	},
	"a tainted key is destroyed": func(w *acctest.Workspace, _ string) (string, error) {
		w.Taint(keyAddress)
		return w.Apply(tfexec.Destroy(true))
	},
	"a key is replaced": func(w *acctest.Workspace, _ string) (string, error) {
		return w.Apply(tfexec.Replace(keyAddress))
	},
	"a key is replaced after its successor": func(w *acctest.Workspace, account string) (string, error) {
		w.Write("main.tf", adopting+keyNamed(account, "successor", "lifecycle {\n create_before_destroy = true\n}"))
		return w.Apply(tfexec.Replace(keyAddress))
	},
	"a key is destroyed": func(w *acctest.Workspace, _ string) (string, error) {
		return w.Apply(tfexec.Destroy(true))
	},
}

// beginnings are the ways in which a key can have come into a state.
var beginnings = map[string]func(t *testing.T, server server, account string, w *acctest.Workspace){
	"made": func(_ *testing.T, _ server, _ string, w *acctest.Workspace) { w.MustApply() },
	"imported": func(t *testing.T, server server, account string, w *acctest.Workspace) {
		id, _ := server.hand.createKey(t, account, "ci")
		w.MustImport(keyAddress, account+"/"+id)
	},
	"found after a lost answer": func(t *testing.T, server server, account string, w *acctest.Workspace) {
		server.box.Fault(t, map[string]any{"system": "zenml", "method": "POST", "path": makings["keys"].path, "kind": "cut_after"})
		w.Write("main.tf", noRetries+keyNamed(account, "ci", ""))
		w.ApplyMustFail("was made there just then")
		server.box.Mend(t)
		w.Write("main.tf", adopting+keyNamed(account, "ci", ""))
	},
}

// However a key came into a state, and however it is to leave it: once another configuration has adopted it, it is not
// deleted. Otherwise it is.
func TestNoAdoptedKeyIsDeleted(t *testing.T) {
	t.Parallel()
	for begin, ends := range map[string][]string{
		"made":                      slices.Collect(maps.Keys(endings)),
		"imported":                  {"a key is destroyed", "a tainted key is replaced"},
		"found after a lost answer": {"a key is destroyed", "a tainted key is replaced"},
	} {
		for _, end := range ends {
			t.Run(begin+", "+end, func(t *testing.T) {
				t.Parallel()
				server := target(t)
				account := server.hand.createAccount(t, "holder")
				w := acctest.NewWorkspace(t, server.env)
				w.Write("main.tf", adopting+keyNamed(account, "ci", ""))
				beginnings[begin](t, server, account, w)
				id, _ := w.Value(keyAddress, "id").(string)
				printed, err := endings[end](w, account)
				if _, there := server.box.Names(t, "zenml", "api_keys")[id]; err != nil || there {
					t.Errorf("it is there: %t; %v\n%s", there, err, printed)
				}
			})
			t.Run(begin+", adopted by another, "+end, func(t *testing.T) {
				t.Parallel()
				server := target(t)
				account := server.hand.createAccount(t, "holder")
				w, other := acctest.NewWorkspace(t, server.env), acctest.NewWorkspace(t, server.env)
				w.Write("main.tf", adopting+keyNamed(account, "ci", ""))
				beginnings[begin](t, server, account, w)
				other.Write("main.tf", adopting+keyNamed(account, "ci", ""))
				other.MustApply()
				if other.Value(keyAddress, "id") != w.Value(keyAddress, "id") {
					t.Fatal("the other configuration has another key")
				}
				printed, err := endings[end](w, account)
				if err == nil || !acctest.Said(printed, "Refused to delete ZenML API key", "was rotated at", "terraform state rm", "unset adopt_existing") {
					t.Errorf("%v\n%s", err, printed)
				}
				secret, _ := other.Value(keyAddress, "key").(string)
				if _, accepted := server.hand.loginWithKey(t, secret); !accepted {
					t.Error("the key of the other configuration has ended")
				}
			})
		}
	}
}

// Nothing tells that a key is in the state of another configuration: while it was never used, it is adopted, and the secret
// there ends. The other's plan tells that, and replaces the key, which ends the adopted secret in turn.
func TestAKeyOfAnotherConfigurationIsTakenFromIt(t *testing.T) {
	t.Parallel()
	server := target(t)
	account := server.hand.createAccount(t, "holder")
	first, second := acctest.NewWorkspace(t, server.env), acctest.NewWorkspace(t, server.env)
	first.Write("main.tf", keyNamed(account, "ci", ""))
	first.MustApply()
	second.Write("main.tf", adopting+keyNamed(account, "ci", ""))
	second.MustApply()
	of := func(w *acctest.Workspace) string {
		key, _ := w.Value(keyAddress, "key").(string)
		return key
	}
	if _, accepted := server.hand.loginWithKey(t, of(first)); accepted {
		t.Error("the secret of the first configuration is accepted")
	}
	if plan, printed, _ := first.Plan(); acctest.Actions(plan, keyAddress) != "delete+create" || !acctest.Said(printed, "was rotated outside Terraform") {
		t.Errorf("the first configuration is not told:\n%s", printed)
	}
	first.MustApply()
	if _, accepted := server.hand.loginWithKey(t, of(first)); !accepted {
		t.Error("the first configuration has no secret that is accepted")
	}
	if _, accepted := server.hand.loginWithKey(t, of(second)); accepted {
		t.Error("the secret of the second configuration is accepted")
	}
}

// Of a tainted key that was adopted here it is not known any more that the rotation was our own. That is told, and without
// the setting it is replaced.
func TestATaintedAdoptedKeyIsReplacedWithoutTheSetting(t *testing.T) {
	t.Parallel()
	server := target(t)
	account := server.hand.createAccount(t, "holder")
	id, _ := server.hand.createKey(t, account, "ci")
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", adopting+keyNamed(account, "ci", ""))
	w.MustApply()
	w.Taint(keyAddress)
	w.ApplyMustFail("Refused to delete ZenML API key", "it is not known any more whether", "unset adopt_existing for this apply")
	w.Write("main.tf", keyNamed(account, "ci", ""))
	w.MustApply()
	w.MustBeQuiet()
	if w.Value(keyAddress, "id") == id {
		t.Error("it was not replaced")
	}
}

// A server that leaves out when a key was rotated has not said that it never was: the key is not deleted where keys are
// adopted, and its secret is not taken for dead.
func TestAKeyWhoseRotationIsNotTold(t *testing.T) {
	t.Parallel()
	server := target(t)
	account := server.hand.createAccount(t, "holder")
	server.hand.createKey(t, account, "ci")
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", adopting+keyNamed(account, "ci", ""))
	w.MustApply()
	rotated := w.Value(keyAddress, "last_rotated")
	server.box.Fault(t, map[string]any{"system": "zenml", "method": "GET", "path": "/api/v1/service_accounts/*/api_keys/*", "kind": "lacking", "field": "last_rotated"})
	w.MustBeQuiet()
	printed, err := w.Apply(tfexec.Destroy(true))
	if err == nil || !acctest.Said(printed, "Refused to delete ZenML API key", "does not tell whether", "Nothing was changed") {
		t.Errorf("%v\n%s", err, printed)
	}
	if rotated == nil || w.Value(keyAddress, "last_rotated") != rotated {
		t.Errorf("the state has %v, and had %v", w.Value(keyAddress, "last_rotated"), rotated)
	}
	server.box.Mend(t)
	w.MustDestroy()
}
