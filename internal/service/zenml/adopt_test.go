package zenml_test

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-exec/tfexec"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

const adopting = "provider \"machineid\" { adopt_existing = true }\n"

func accountNamed(name, lines string) string {
	return fmt.Sprintf("resource \"machineid_zenml_service_account\" \"test\" {\n name = %q\n%s\n}\n", name, lines)
}

func keyNamed(account, name, lines string) string {
	return fmt.Sprintf("resource \"machineid_zenml_api_key\" \"test\" {\n service_account_id = %q\n name = %q\n%s\n}\n", account, name, lines)
}

// An account that has the name is taken over, with what is planned for it.
func TestAdoptedAccount(t *testing.T) {
	t.Parallel()
	for name, lines := range map[string]string{
		"that is as planned":     "active = true",
		"that differs":           "full_name = \"ours\"\n description = \"ours\"\n active = true",
		"that is to be inactive": "active = false",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			id := server.hand.createAccount(t, "taken")
			w := acctest.NewWorkspace(t, server.env)
			w.Write("main.tf", adopting+accountNamed("taken", lines))
			if printed := w.MustApply(); !acctest.Said(printed, "ZenML service account was adopted", "taken", "If another configuration manages it too") {
				t.Errorf("nothing is told:\n%s", printed)
			}
			if got := server.box.Objects(t, "zenml", "service_accounts"); len(got) != 1 || w.Value(accountAddress, "id") != id {
				t.Errorf("there are %v, and the state has %v", got, w.Value(accountAddress, "id"))
			}
			w.MustBeQuiet()
			w.MustDestroy()
		})
	}
}

// A key that has the name is taken over by rotation: a new secret, and an end to the old one.
func TestAdoptedKey(t *testing.T) {
	t.Parallel()
	server := target(t)
	account := server.hand.createAccount(t, "holder")
	for name, test := range map[string]struct {
		lines  string
		active bool
	}{
		"as-planned": {"", true},
		"differing":  {"description = \"ours\"", true},
		"inactive":   {"active = false", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			id, old := server.hand.createKey(t, account, name)
			w := acctest.NewWorkspace(t, server.env)
			w.Write("main.tf", adopting+keyNamed(account, name, test.lines))
			if printed := w.MustApply(); !acctest.Said(printed, "ZenML API key was adopted", "by rotation: any earlier secret of it has ended") {
				t.Errorf("nothing is told:\n%s", printed)
			}
			w.MustBeQuiet()
			key, _ := w.Value(keyAddress, "key").(string)
			if w.Value(keyAddress, "id") != id || key == "" || key == old {
				t.Errorf("the state has the id %v, and a new secret: %t", w.Value(keyAddress, "id"), key != old)
			}
			if _, accepted := server.hand.loginWithKey(t, old); accepted {
				t.Error("the old secret is accepted")
			}
			if _, accepted := server.hand.loginWithKey(t, key); accepted != test.active {
				t.Errorf("the new secret is accepted: %t", accepted)
			}
			if test.active {
				// The refusal to delete what was rotated elsewhere is not about this rotation.
				w.MustDestroy()
			}
		})
	}
}

var importCommand = regexp.MustCompile(`(?m)^\W*terraform import '<address of this resource>' (\S+)$`)

// mustImport carries out the import that an error tells, and fails the test unless the plan is empty then.
func mustImport(t *testing.T, w *acctest.Workspace, address, printed, want string) {
	t.Helper()
	found := importCommand.FindStringSubmatch(printed)
	if found == nil || found[1] != want {
		t.Fatalf("the error does not tell how to import %s: %q\n%s", want, found, printed)
	}
	w.MustImport(address, found[1])
	w.MustBeQuiet()
}

// A key that was used is somebody's. The error tells how to import it, and that works.
func TestAUsedKeyIsNotAdopted(t *testing.T) {
	t.Parallel()
	server := target(t)
	account := server.hand.createAccount(t, "holder")
	id, key := server.hand.createKey(t, account, "used")
	server.hand.useKey(t, key)
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", adopting+keyNamed(account, "used", ""))
	printed := w.ApplyMustFail("Cannot adopt ZenML API key", "was used at", "only one that was never used is", "no secret", "until it is replaced")
	mustImport(t, w, keyAddress, printed, account+"/"+id)
	if _, accepted := server.hand.loginWithKey(t, key); !accepted {
		t.Error("the key was rotated")
	}
}

// Without the setting nothing is taken over. The errors tell how to import, and that works.
func TestTakenNamesAreImported(t *testing.T) {
	t.Parallel()
	server := target(t)
	account := server.hand.createAccount(t, "taken")
	key, secret := server.hand.createKey(t, account, "taken")
	for address, test := range map[string]struct {
		config, command string
		want            []string
	}{
		accountAddress: {accountNamed("taken", ""), account, []string{"Cannot create ZenML service account", "status 409"}},
		keyAddress:     {keyNamed(account, "taken", ""), account + "/" + key, []string{"Cannot create ZenML API key", "status 409", "An imported key has no secret in state until it is replaced"}},
	} {
		w := acctest.NewWorkspace(t, server.env)
		w.Write("main.tf", test.config)
		printed := w.ApplyMustFail(test.want...)
		mustImport(t, w, address, printed, test.command)
	}
	if _, accepted := server.hand.loginWithKey(t, secret); !accepted {
		t.Error("the key was rotated")
	}
}

// What another configuration has adopted meanwhile is not deleted by the one that had it before.
func TestAnAdoptedKeyIsNotDeletedElsewhere(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]tfexec.DestroyOption{
		"after a refresh":   nil,
		"without a refresh": {tfexec.Refresh(false)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			account := server.hand.createAccount(t, "holder")
			config := adopting + keyNamed(account, "ci", "")
			first, second := acctest.NewWorkspace(t, server.env), acctest.NewWorkspace(t, server.env)
			first.Write("main.tf", config)
			first.MustApply()
			second.Write("main.tf", config)
			second.MustApply()
			id := first.Value(keyAddress, "id")
			if second.Value(keyAddress, "id") != id {
				t.Fatal("the second configuration has another key")
			}
			// For a saved plan of the deletion nothing is refreshed again.
			destroy := []tfexec.ApplyOption{tfexec.Destroy(true)}
			if options != nil {
				destroy = append(destroy, tfexec.Refresh(false))
			}
			printed, err := first.Apply(destroy...)
			if err == nil || !acctest.Said(printed, "Refused to delete ZenML API key", "was rotated at", "another configuration may have adopted it", "terraform state rm") {
				t.Errorf("%v\n%s", err, printed)
			}
			secret, _ := second.Value(keyAddress, "key").(string)
			if _, accepted := server.hand.loginWithKey(t, secret); !accepted || first.Value(keyAddress, "id") != id {
				t.Error("the key of the second configuration is gone, or that of the first left its state")
			}
			first.Write("main.tf", keyNamed(account, "ci", ""))
			first.MustDestroy(options...)
			if left := server.box.Objects(t, "zenml", "api_keys"); len(left) > 0 {
				t.Errorf("without the setting, these are left: %v", left)
			}
		})
	}
}

// A conflict that may be with what an own earlier attempt has made is no reason to adopt. Where the server does not recognize
// repeats it cannot be told, so nothing is touched; the next apply is refused the name for good, and adopts.
func TestAnOwnRepeatIsNotAdopted(t *testing.T) {
	t.Parallel()
	for noun, making := range makings {
		t.Run(noun, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			server.box.Set(t, "zenml", map[string]string{"deduplication": "false"})
			holder := server.hand.createAccount(t, "holder")
			w := acctest.NewWorkspace(t, server.env)
			w.Write("main.tf", adopting+making.config(holder, 1))
			server.box.Fault(t, map[string]any{"system": "zenml", "method": http.MethodPost, "path": making.path, "kind": "empty", "times": 1})
			w.ApplyMustFail("Cannot create ZenML", "status 409", "did not answer a repeat of our request with it", "It was not touched")
			mustBeKnown(t, w, nil)
			made := making.made(t, server, holder)
			w.MustApply()
			if adopted := making.made(t, server, holder); len(made) != 1 || !maps.Equal(adopted, made) {
				t.Errorf("%v were made first, and there are %v", made, adopted)
			}
			w.MustBeQuiet()
			w.MustDestroy()
		})
	}
}
