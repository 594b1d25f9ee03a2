package zenml_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-exec/tfexec"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// keyWorkspace has one account with one key, applied.
func keyWorkspace(t *testing.T, server server) (w *acctest.Workspace, account, id, key string) {
	t.Helper()
	w = acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", `
		resource "machineid_zenml_service_account" "test" { name = "`+unique("issue")+`" }
		resource "machineid_zenml_api_key" "test" {
			service_account_id = machineid_zenml_service_account.test.id
			name               = "ci"
		}`)
	w.MustApply()
	value := func(attribute string) string {
		text, _ := w.Value(keyAddress, attribute).(string)
		return text
	}
	return w, value("service_account_id"), value("id"), value("key")
}

// The key in state is dead once somebody rotated it, and no number of refreshes may forget that.
func TestAccAPIKeyRotatedElsewhereStaysDeadThroughRefreshes(t *testing.T) {
	t.Parallel()
	server := target(t)
	w, account, id, key := keyWorkspace(t, server)
	w.MustBeQuiet()
	server.hand.rotateKey(t, account, id, 60)

	for range 3 {
		w.MustApply(tfexec.RefreshOnly(true))
		plan, printed, _ := w.Plan()
		if got := acctest.Actions(plan, keyAddress); got != "delete+create" {
			t.Fatalf("the plan does %q, want a replacement:\n%s", got, printed)
		}
		for _, want := range []string{"was rotated outside Terraform", `API key "ci"`, "must be replaced"} {
			if !strings.Contains(printed, want) {
				t.Errorf("the plan does not say %q:\n%s", want, printed)
			}
		}
	}
	if _, printed, changes := w.Plan(tfexec.Refresh(false)); !changes {
		t.Errorf("without refresh the rotation is forgotten:\n%s", printed)
	}

	w.Plan()
	w.MustApply(w.SavedPlan())
	w.MustBeQuiet()
	fresh, _ := w.Value(keyAddress, "key").(string)
	if fresh == key {
		t.Error("the key was not replaced")
	}
	if _, accepted := server.hand.loginWithKey(t, fresh); !accepted {
		t.Error("the new key is refused")
	}
	w.MustDestroy()
}

// The secret of an imported key is unknown, and that alone plans nothing, however often the key was rotated.
func TestAccImportedAPIKeyPlansNothing(t *testing.T) {
	t.Parallel()
	server := target(t)
	account := server.hand.createAccount(t, unique("import"))
	t.Cleanup(func() { server.hand.deleteAccount(t, account) })
	id, key := server.hand.createKey(t, account, "ci")
	server.hand.rotateKey(t, account, id, 0)

	w := acctest.NewWorkspace(t, server.env)
	configuration := func(more string) string {
		return "resource \"machineid_zenml_api_key\" \"test\" {\n service_account_id = \"" + account + "\"\n name = \"ci\"\n" + more + "\n}"
	}
	w.Write("main.tf", configuration(""))
	w.MustImport(keyAddress, account+"/"+id)
	w.MustBeQuiet()
	rotated := server.hand.rotateKey(t, account, id, 0)
	w.MustApply(tfexec.RefreshOnly(true))
	w.MustBeQuiet()
	if w.Value(keyAddress, "key") != nil || w.Value(keyAddress, "last_rotated") == nil {
		t.Errorf("key %v, last_rotated %v", w.Value(keyAddress, "key"), w.Value(keyAddress, "last_rotated"))
	}

	// Changing it in place keeps the secret unknown, and rotate_when_changed may be added without a rotation.
	w.Write("main.tf", configuration("description = \"adopted\"\n rotate_when_changed = { quarter = \"1\" }"))
	plan, _, _ := w.Plan()
	if got := acctest.Actions(plan, keyAddress); got != "update" {
		t.Errorf("the plan does %q, want update", got)
	}
	w.MustApply()
	w.MustBeQuiet()
	if _, accepted := server.hand.loginWithKey(t, rotated); !accepted {
		t.Error("the adopted key was touched")
	}

	// A replacement gives it a secret.
	w.Write("main.tf", configuration("rotate_when_changed = { quarter = \"2\" }"))
	w.MustApply()
	w.MustBeQuiet()
	fresh, _ := w.Value(keyAddress, "key").(string)
	if _, accepted := server.hand.loginWithKey(t, fresh); !accepted {
		t.Error("the new key is refused")
	}
	for _, old := range []string{key, rotated} {
		if _, accepted := server.hand.loginWithKey(t, old); accepted {
			t.Error("an old key is accepted")
		}
	}
	w.MustDestroy()
}

// A value that is known only at apply counts as changed, and the apply keeps what the plan showed.
func TestAccAPIKeyRotateWhenChangedWithUnknownValue(t *testing.T) {
	t.Parallel()
	server := target(t)
	w := acctest.NewWorkspace(t, server.env)
	name := unique("unknown")
	configuration := func(trigger string) string {
		return `
		resource "terraform_data" "trigger" { input = "` + trigger + `" }
		resource "machineid_zenml_service_account" "test" { name = "` + name + `" }
		resource "machineid_zenml_api_key" "test" {
			service_account_id  = machineid_zenml_service_account.test.id
			name                = "ci"
			rotate_when_changed = { trigger = terraform_data.trigger.output, fixed = "x" }
		}`
	}
	w.Write("main.tf", configuration("1"))
	w.MustApply()
	w.MustBeQuiet()
	before := w.Value(keyAddress, "key")
	w.Write("main.tf", configuration("2"))
	plan, printed, _ := w.Plan()
	if got := acctest.Actions(plan, keyAddress); got != "delete+create" {
		t.Fatalf("the plan does %q, want a replacement:\n%s", got, printed)
	}
	w.MustApply(w.SavedPlan())
	w.MustBeQuiet()
	if w.Value(keyAddress, "key") == before {
		t.Error("the key was not replaced")
	}
	w.MustDestroy()
}
