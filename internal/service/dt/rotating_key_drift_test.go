package dt_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/hashicorp/terraform-exec/tfexec"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// overlapping is a workspace in the middle of an overlap.
func (s server) overlapping(t *testing.T) (a aging, account string, current, previous held) {
	t.Helper()
	a = s.aging(t, "rotating_key.tf", map[string]string{})
	a.settle()
	a.at(91 * day)
	a.settle()
	a.at(91*day + time.Hour) // what is missing so late is gone
	account, _ = a.Value(testAccount, "name").(string)
	current, previous = a.both()
	return a, account, current, previous
}

func TestAccThePreviousKeyVanishes(t *testing.T) {
	t.Parallel()
	a, account, current, previous := target(t).overlapping(t)
	a.now().delete(t, account+"/keys/"+previous.id)
	if _, printed, changes := a.Plan(); changes || !acctest.Said(printed, "Previous DT service account key was deleted outside Terraform", previous.id) {
		t.Errorf("the plan has changes: %t\n%s", changes, printed)
	}
	a.settle()
	if still, gone := a.both(); still != current || gone.id != "" {
		t.Errorf("current is %s, previous %s", still.id, gone.id)
	}
	a.mustHold(current)
}

// The previous key is the only one that works: it is the current one again, and as old as it is.
func TestAccTheCurrentKeyVanishes(t *testing.T) {
	t.Parallel()
	a, account, current, previous := target(t).overlapping(t)
	a.now().delete(t, account+"/keys/"+current.id)
	plan, printed, _ := a.Plan()
	if !isRotated(plan) || !acctest.Said(printed, "DT service account key was deleted outside Terraform", current.id, previous.id, "is the current one again") {
		t.Errorf("the plan:\n%s", printed)
	}
	a.MustApply(tfexec.RefreshOnly(true))
	if again, none := a.both(); again.id != previous.id || again.secret != previous.secret || again.retires != "" || none.id != "" {
		t.Errorf("current is %s, want %s, previous %s", again.id, previous.id, none.id)
	}
	a.settle()
	next, old := a.both()
	if old.id != previous.id || next.id == previous.id {
		t.Errorf("current is %s, previous %s", next.id, old.id)
	}
	a.mustHold(next, previous)
	a.mustLogIn(next, true)
	a.mustLogIn(previous, true)
}

func TestAccBothKeysVanish(t *testing.T) {
	t.Parallel()
	a, account, current, previous := target(t).overlapping(t)
	for _, key := range []held{current, previous} {
		a.now().delete(t, account+"/keys/"+key.id)
	}
	plan, printed, _ := a.Plan()
	if acctest.Actions(plan, rotatingAddress) != "create" ||
		!acctest.Said(printed, "DT service account key was deleted outside Terraform", current.id, "no longer exists and leaves the state") {
		t.Errorf("the plan:\n%s", printed)
	}
	a.settle()
	next, none := a.both()
	if none.id != "" {
		t.Errorf("previous is %s", none.id)
	}
	a.mustHold(next)
	// With their account, too.
	a.at(91*day + 2*time.Hour)
	a.now().delete(t, account)
	a.settle()
	next, _ = a.both()
	a.mustHold(next)
}

// An imported key is the current one. Nobody knows its secret, and nothing but what only the configuration says is planned.
func TestAccARotatingKeyIsImported(t *testing.T) {
	t.Parallel()
	server := target(t)
	account, _ := server.hand.createAccount(t, server.project, "imported")
	name, _ := server.hand.createKey(t, account)
	a := server.aging(t, "rotating_key.tf", map[string]string{})
	a.Write("main.tf", fmt.Sprintf("resource \"machineid_dt_service_account_rotating_key\" \"test\" {\n service_account = %q\n rotate_after = \"90d\"\n overlap = \"1d\"\n}\n", account))
	for _, bad := range []string{account, account + "/keys/", account + "/keys/-", "projects/a/members/b", last(name)} {
		if printed, err := a.Import(rotatingAddress, bad); err == nil || !acctest.Said(printed, "Invalid import id", "is imported by its full resource name") {
			t.Errorf("import of %q: %v\n%s", bad, err, printed)
		}
	}
	if printed, err := a.Import(rotatingAddress, account+"/keys/00000000000000000000"); err == nil {
		t.Errorf("a key that does not exist is imported:\n%s", printed)
	}
	a.MustImport(rotatingAddress, name)
	imported, none := a.both()
	if imported.id != last(name) || imported.secret != "" || imported.created == "" || none.id != "" || a.Value(rotatingAddress, "service_account") != account {
		t.Errorf("imported are %s, made at %q, and %s", imported.id, imported.created, none.id)
	}
	plan, printed, _ := a.Plan()
	if acctest.Actions(plan, rotatingAddress) != "update" || isRotated(plan) {
		t.Errorf("the plan after an import:\n%s", printed)
	}
	a.settle()
	if due, want := a.Value(rotatingAddress, "rotation_due_at"), dueAfter(t, imported.created, 90*day); due != want {
		t.Errorf("due at %v, want %s", due, want)
	}
	a.at(91 * day)
	a.settle()
	current, previous := a.both()
	if previous.id != imported.id || current.secret == "" {
		t.Errorf("current is %s, previous %s", current.id, previous.id)
	}
	a.at(93 * day)
	a.settle()
	a.mustHold(current)
	a.MustDestroy()
	a.mustHold()
}

// The identity is that of the current key, and follows it.
func TestAccTheIdentityFollowsTheCurrentKey(t *testing.T) {
	acctest.RequireCLI(t, tfversion.Version1_12_0, "an identity")
	t.Parallel()
	a := target(t).aging(t, "rotating_key.tf", map[string]string{"reason": "one"})
	for _, reason := range []string{"one", "two", "three"} {
		a.set("reason", reason)
		a.settle()
		account, _ := a.Value(testAccount, "name").(string)
		current, _ := a.both()
		if identity := a.identity(rotatingAddress); identity != account+"/keys/"+current.id {
			t.Errorf("the identity is %v, want that of %s", identity, current.id)
		}
	}
	identity := a.identity(rotatingAddress)
	a.Write("import.tf", fmt.Sprintf("import {\n to = machineid_dt_service_account_rotating_key.again\n identity = { name = %q }\n}\n"+
		"resource \"machineid_dt_service_account_rotating_key\" \"again\" {\n service_account = machineid_dt_service_account.test.name\n overlap = \"1d\"\n}\n", identity))
	if plan, printed, _ := a.Plan(); acctest.Actions(plan, "machineid_dt_service_account_rotating_key.again") != "update" {
		t.Errorf("the import is no update:\n%s", printed)
	}
}

// The provider's own key may be rotated away from, and is not ended while the provider uses it.
func TestAccTheProvidersOwnRotatingKey(t *testing.T) {
	t.Parallel()
	subject := newInsider(t)
	subject.env = subject.oauth2
	a := subject.aging(t, "rotating_key.tf", map[string]string{})
	config := func(reason string) string {
		return block("service_account_rotating_key", line("service_account", subject.account), line("overlap", "1d"), "rotate_when_changed = { reason = \""+reason+"\" }")
	}
	const address = "machineid_dt_service_account_rotating_key.own"
	a.Write("main.tf", config("one"))
	a.MustImport(address, subject.key)
	a.MustApply()
	refuses := func(operation string, want ...string) {
		t.Helper()
		a.PlanMustFail(acctest.Says(append([]string{"Refused to " + operation + " the provider's own DT service account key"}, want...)...))
	}
	other, _ := subject.hand.createAccount(t, subject.project, "other")
	ends := func() {
		t.Helper()
		a.Write("main.tf", "")
		refuses("delete", last(subject.key), "dt.key_id", "allow_self_lockout = true")
		a.Write("main.tf", block("service_account_rotating_key", line("service_account", other), line("overlap", "1d")))
		refuses("replace", "service_account =", last(subject.key))
	}
	ends() // as the current one
	a.Write("main.tf", config("two"))
	a.MustApply()
	a.MustBeQuiet()
	ends() // as the previous one
	a.Write("main.tf", config("three"))
	refuses("revoke", last(subject.key), "dt.key_id")
	a.Write("main.tf", config("two"))
	a.at(2 * day)
	refuses("revoke", last(subject.key), "dt.key_id")
	// What no plan shows to the provider is refused at apply.
	a.at(0)
	if printed, err := a.Apply(tfexec.Replace(address)); err == nil || !acctest.Said(printed, "Refused to delete the provider's own DT service account key") {
		t.Errorf("a forced replacement ended with %v:\n%s", err, printed)
	}
	subject.hand = subject.hand.loginAs(t, subject.box.Env()) // its token is long over
	subject.mustStay(t)
	a.Write("provider.tf", "provider \"machineid\" { allow_self_lockout = true }\n")
	a.at(2 * day)
	a.MustApply()
	subject.hand = subject.hand.loginAs(t, subject.box.Env())
	if got := subject.hand.call(t, http.MethodGet, subject.key, nil); got.Status != http.StatusNotFound {
		t.Errorf("the key is still there: %d", got.Status)
	}
}
