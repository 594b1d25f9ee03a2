package dt_test

import (
	"net/http"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

const keysPath = "/v2/projects/*/serviceaccounts/*/keys"

// A new key that nobody can log in with is revoked, and the old one stays current.
func TestAccAKeyThatFailsItsProof(t *testing.T) {
	t.Parallel()
	a := target(t).aging(t, "rotating_key.tf", map[string]string{})
	a.settle()
	first, _ := a.both()
	a.at(91 * day)
	a.every(refused)
	printed := a.ApplyMustFail("Cannot prove the next DT service account key", "could not log in", "does not accept it", "The current one stays, and the new one is revoked")
	if acctest.Said(printed, first.secret) {
		t.Error("a secret is printed")
	}
	if current, previous := a.both(); current != first || previous.id != "" {
		t.Errorf("current is %s, want %s, previous %s", current.id, first.id, previous.id)
	}
	a.mustHold(first)
	a.mustLogIn(first, true)
	a.every(passed)
	if plan, printed, _ := a.Plan(); !isRotated(plan) {
		t.Errorf("the rotation is not due any more:\n%s", printed)
	}
	a.settle()
	current, previous := a.both()
	if previous.id != first.id || current.id == first.id {
		t.Errorf("current is %s, previous %s, after %s", current.id, previous.id, first.id)
	}
	a.mustHold(current, previous)
}

// If it cannot be revoked either, its id stays behind until a run could.
func TestAccAKeyThatFailsItsProofAndStays(t *testing.T) {
	t.Parallel()
	a := target(t).aging(t, "rotating_key.tf", map[string]string{})
	a.settle()
	first, _ := a.both()
	a.at(91 * day)
	a.every(refused)
	a.box.Fault(t, map[string]any{"system": "dt", "method": http.MethodDelete, "path": keysPath + "/*", "kind": "status", "status": 500})
	a.ApplyMustFail("Cannot prove the next DT service account key", "Cannot revoke the new DT service account key", "status 500", "The next apply tries again")
	if current, previous := a.both(); current != first || previous.id != "" {
		t.Errorf("current is %s, want %s, previous %s", current.id, first.id, previous.id)
	}
	names := a.box.Names(t, "dt", "service_account_keys")
	delete(names, first.id)
	var left string
	for left = range names {
	}
	if len(names) != 1 {
		t.Fatalf("left are %v", names)
	}
	// A plan without anything due shows that there is something to do; an apply that cannot do it either keeps the note.
	a.set("rotate_after", "300d")
	a.every(passed)
	for range 2 {
		plan, printed, changes := a.Plan()
		if !changes || isRotated(plan) || !acctest.Said(printed, "A DT service account key is left to be revoked", left, "The plan revokes it") {
			t.Errorf("the plan has changes: %t\n%s", changes, printed)
		}
		a.ApplyMustFail("Cannot revoke the leftover DT service account key", left, "status 500", "The next apply tries again")
		a.mustHold(first, held{id: left})
	}
	a.box.Mend(t)
	// It is revoked first, and so makes room in a full account.
	account, _ := a.Value(testAccount, "name").(string)
	for range 8 {
		a.now().createKey(t, account)
	}
	a.set("rotate_after", "90d")
	a.settle()
	if _, previous := a.both(); previous.id != first.id {
		t.Errorf("previous is %s, want %s", previous.id, first.id)
	}
	if _, there := a.box.Names(t, "dt", "service_account_keys")[left]; there {
		t.Error("the leftover is still there")
	}
	if _, printed, _ := a.Plan(); acctest.Said(printed, "left to be revoked") {
		t.Errorf("the note outlives the key:\n%s", printed)
	}
}

// A destroy ends what earlier runs have left, too.
func TestAccALeftoverIsDestroyed(t *testing.T) {
	t.Parallel()
	a := target(t).aging(t, "rotating_key.tf", map[string]string{})
	a.settle()
	a.at(91 * day)
	a.every(refused)
	a.box.Fault(t, map[string]any{"system": "dt", "method": http.MethodDelete, "path": keysPath + "/*", "kind": "status", "status": 500})
	a.ApplyMustFail("Cannot revoke the new DT service account key")
	a.box.Mend(t)
	if keys := a.box.Objects(t, "dt", "service_account_keys"); len(keys) != 2 {
		t.Fatalf("there are %d keys", len(keys))
	}
	a.end()
}

// The first key of all has none to fall back on: it is kept, and replaced.
func TestAccTheFirstKeyFailsItsProof(t *testing.T) {
	t.Parallel()
	a := target(t).aging(t, "rotating_key.tf", map[string]string{})
	a.every(unanswered)
	a.ApplyMustFail("Cannot prove the new DT service account key", "It is in the state, and the next apply replaces it")
	first, _ := a.both()
	a.mustHold(first)
	a.every(passed)
	if plan, printed, _ := a.Plan(); acctest.Actions(plan, rotatingAddress) != "delete+create" {
		t.Errorf("the unproven key is kept:\n%s", printed)
	}
	a.settle()
	second, _ := a.both()
	if second.id == first.id {
		t.Error("the unproven key is kept")
	}
	a.mustHold(second)
}

// An old key that cannot be revoked stays in the state, and no rotation begins before it is gone.
func TestAccThePreviousKeyStays(t *testing.T) {
	t.Parallel()
	a := target(t).aging(t, "rotating_key.tf", map[string]string{"reason": "one"})
	a.settle()
	a.set("reason", "two")
	a.settle()
	second, first := a.both()
	a.set("reason", "three")
	a.box.Fault(t, map[string]any{"system": "dt", "method": http.MethodDelete, "path": keysPath + "/*", "kind": "status", "status": 500})
	a.ApplyMustFail("Cannot revoke the previous DT service account key", first.id, "status 500")
	if current, previous := a.both(); current != second || previous != first {
		t.Errorf("current is %s, previous %s", current.id, previous.id)
	}
	a.mustHold(first, second)
	a.box.Mend(t)
	a.settle()
	third, previous := a.both()
	if previous.id != second.id {
		t.Errorf("previous is %s, want %s", previous.id, second.id)
	}
	a.mustHold(second, third)
}

// An account without room is found out before anything is made or revoked. What the update itself ends makes room.
func TestAccTheAccountIsFull(t *testing.T) {
	t.Parallel()
	a := target(t).aging(t, "rotating_key.tf", map[string]string{"reason": "one"})
	a.settle()
	first, _ := a.both()
	account, _ := a.Value(testAccount, "name").(string)
	var strays []string
	for range 9 {
		name, _ := a.hand.createKey(t, account)
		strays = append(strays, name)
	}
	a.set("reason", "two")
	a.box.ForgetRequests(t)
	a.ApplyMustFail("Cannot create DT service account key", "at most 10 keys, and this one has 10", strays[0])
	if changes := a.box.Count(t, func(request acctest.RequestCount) bool {
		return !request.Token && request.Method != http.MethodGet
	}); changes != 0 {
		t.Errorf("%d changes were asked for", changes)
	}
	if current, previous := a.both(); current != first || previous.id != "" {
		t.Errorf("current is %s, previous %s", current.id, previous.id)
	}
	a.hand.delete(t, strays[0])
	a.settle()
	a.set("reason", "three") // there are ten again, of which the plan ends one
	a.settle()
	if current, previous := a.both(); current.id == "" || previous.id == "" || len(a.box.Objects(t, "dt", "service_account_keys")) != 10 {
		t.Errorf("current is %s, previous %s", current.id, previous.id)
	}
}

// With Basic auth a key can be proven only if its own account allows that, too.
func TestAccProofsByBasicAuth(t *testing.T) {
	t.Parallel()
	server := target(t)
	account, env := server.caller(t, server.organization, "roles/organization.admin")
	server.hand.patch(t, account, map[string]any{"enableBasicAuth": true})
	mine := len(server.box.Objects(t, "dt", "service_account_keys"))
	server.env = acctest.With(acctest.Without(env, "DT_SERVICE_ACCOUNT_EMAIL"), "DT_AUTH", "basic")
	a := server.aging(t, "rotating_key.tf", map[string]string{"reason": "one"})
	a.ApplyMustFail("Cannot prove any DT service account key", "provider uses Basic auth", "enable_basic_auth = true", "verify = false")
	if made := len(a.box.Objects(t, "dt", "service_account_keys")) - mine; made != 0 {
		t.Errorf("%d keys were made that cannot be proven", made)
	}
	a.set("basic_auth", "true")
	a.settle()
	a.set("reason", "two")
	a.settle()
	if made := len(a.box.Objects(t, "dt", "service_account_keys")) - mine; made != 2 {
		t.Errorf("%d keys after a rotation", made)
	}
	a.set("basic_auth", "false")
	a.MustApply()
	a.set("reason", "three")
	a.ApplyMustFail("Cannot prove any DT service account key")
	a.set("verify", "false")
	a.settle()
	if logins := a.box.Logins(t); logins != 0 {
		t.Errorf("%d logins with Basic auth", logins)
	}
}

// A key that is left to be revoked is named once more when the resource leaves the state: no later run knows of it.
func TestAccALeftoverIsNamedWhenTheKeyVanishes(t *testing.T) {
	t.Parallel()
	a := target(t).aging(t, "rotating_key.tf", map[string]string{})
	a.settle()
	first, _ := a.both()
	a.at(91 * day)
	a.every(refused)
	a.box.Fault(t, map[string]any{"system": "dt", "method": http.MethodDelete, "path": keysPath + "/*", "kind": "status", "status": http.StatusInternalServerError})
	a.ApplyMustFail("Cannot revoke the new DT service account key")
	a.box.Mend(t)
	a.every(passed)
	account, _ := a.Value(testAccount, "name").(string)
	a.now().delete(t, account+"/keys/"+first.id)
	if _, printed, _ := a.Plan(); !acctest.Said(printed, "is left to be revoked", "The resource leaves the state") {
		t.Errorf("the plan does not tell of the key that is left:\n%s", printed)
	}
	a.MustApply(a.SavedPlan())
	a.MustBeQuiet()
	a.MustDestroy()
}
