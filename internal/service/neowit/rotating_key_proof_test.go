package neowit_test

import (
	"net/http"
	"regexp"
	"sync/atomic"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

const (
	tokenPath = "/api/auth/oauth/token"
	keyPath   = accountsPath + "/*/key/*"
)

// refuseNewKeys has the server refuse every login of a run but the first, which is the provider's own.
func (w timed) refuseNewKeys(t *testing.T) {
	t.Helper()
	w.box.Fault(t, map[string]any{"system": "neowit", "method": http.MethodPost, "path": tokenPath, "kind": "status", "status": 401, "skip": 1})
}

// applyMustFail applies a saved plan, and fails the test unless that fails and says these phrases.
func (w timed) applyMustFail(t *testing.T, phrases ...string) {
	t.Helper()
	printed, err := w.Apply(w.SavedPlan())
	if err == nil || !acctest.Said(printed, phrases...) {
		t.Errorf("the apply must fail and say %q; it ended with %v:\n%s", phrases, err, printed)
	}
}

func TestAKeyThatIsNotProvenIsRevoked(t *testing.T) {
	t.Parallel()
	w := target(t).timedRotation(t, map[string]string{})
	w.MustApply()
	first := w.held("current")
	w.pass(t, -beginning) // in the present a refusal is not the clock's fault
	w.Plan()
	w.refuseNewKeys(t)
	w.applyMustFail(t, "Cannot prove the next Neowit service account key", "It could not log in: the system does not accept it", "The current one stays, and the new one is revoked. The next apply tries again.")
	w.box.Mend(t)
	if w.held("current") != first || w.held("previous").id != "" {
		t.Error("a key that is not accepted came into the state")
	}
	w.mustHold(t, first)
	w.mustPlan(t, rotatingAddress, "update", "is due for rotation")
	w.mustRotate(t)
	w.MustDestroy()
	w.box.MustBeEmpty(t, "neowit")
}

// A key that is neither proven nor revoked is remembered by its id, and revoked by the next apply, or by the destroy.
func TestAKeyThatIsLeftIsRevokedByTheNextApply(t *testing.T) {
	t.Parallel()
	for _, end := range []string{"apply", "destroy"} {
		t.Run(end, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			w := timed{server, acctest.NewWorkspaceAt(t, server.env, server.box.Now)}
			account := server.hand.createAccount(t, "", "holder") // it does not go with its keys
			quarter := func(number string) {
				w.Write("main.tf", rotatingOf(account, "rotate_when_changed = { quarter = \""+number+"\" }"))
			}
			quarter("1")
			w.MustApply()
			first := w.held("current")
			quarter("2")
			w.Plan()
			w.refuseNewKeys(t)
			w.box.Fault(t, map[string]any{"system": "neowit", "method": http.MethodDelete, "path": keyPath, "kind": "status", "status": 403})
			w.applyMustFail(t, "Cannot prove the next Neowit service account key", "Cannot revoke the new Neowit service account key")
			w.box.Mend(t)
			quarter("1") // nobody asks for a rotation any more
			w.mustPlan(t, rotatingAddress, "update", "A Neowit service account key is left to be revoked", w.leftKey(t, first))
			if w.held("current") != first {
				t.Error("a key that is not accepted came into the state")
			}
			if end == "apply" {
				w.MustApply()
				w.MustBeQuiet()
				w.mustHold(t, first)
				quarter("2")
				w.mustRotate(t)
			}
			w.MustDestroy()
			w.mustHold(t)
		})
	}
}

// leftKey is the id of the one key of the server that is not the given one.
func (w timed) leftKey(t *testing.T, but heldKey) string {
	t.Helper()
	left := w.box.Names(t, "neowit", "service_account_keys")
	delete(left, but.id)
	if len(left) != 1 {
		t.Fatalf("the server has %d keys besides the current one, want 1", len(left))
	}
	for id := range left {
		return id
	}
	return ""
}

// The first key is in the state also if it is not accepted: the next apply replaces it.
func TestAFirstKeyThatIsNotProvenIsReplaced(t *testing.T) {
	t.Parallel()
	w := target(t).timedRotation(t, map[string]string{})
	w.Plan()
	w.refuseNewKeys(t)
	w.applyMustFail(t, "Cannot prove the new Neowit service account key", "It is in the state, and the next apply replaces it")
	w.box.Mend(t)
	first := w.held("current")
	w.mustHold(t, first)
	w.mustPlan(t, rotatingAddress, "delete+create")
	w.MustApply()
	w.MustBeQuiet()
	if current := w.held("current"); current.id == first.id {
		t.Error("it was not replaced")
	}
	w.mustHold(t, w.held("current"))
}

func TestWithoutVerifyNobodyLogsIn(t *testing.T) {
	t.Parallel()
	for verify, want := range map[string]int{"true": 2, "false": 1} {
		t.Run(verify, func(t *testing.T) {
			t.Parallel()
			w := target(t).timedRotation(t, map[string]string{"verify": verify})
			w.MustApply()
			w.pass(t, 91*day)
			w.Plan()
			w.box.ForgetRequests(t)
			w.MustApply(w.SavedPlan())
			if logins := w.box.Logins(t); logins != want {
				t.Errorf("%d logins, want %d with that of the provider", logins, want)
			}
			w.MustBeQuiet()
			w.mustHold(t, w.held("current"), w.held("previous"))
		})
	}
}

// withNext makes a rotating key that is due, and has the answer to the next creation changed, or lost if that makes it "".
func (s server) withNext(t *testing.T, change func(answer string) string) (w timed, first heldKey, mend func()) {
	t.Helper()
	var broken atomic.Bool
	isBroken := func(r *http.Request) bool { return broken.Load() && acctest.IsCreation(r, accountsPath+"/*/key") }
	w = s.timedIn(t, s.box.Between(t, acctest.Between{
		After: func(r *http.Request) bool { return change("any") != "" || !isBroken(r) },
		Rewrite: func(r *http.Request, answer string) string {
			if !isBroken(r) {
				return answer
			}
			return change(answer)
		},
	}), "rotating_key.tf", map[string]string{})
	w.MustApply()
	first = w.held("current")
	w.pass(t, 91*day)
	w.Plan()
	broken.Store(true)
	return w, first, func() { broken.Store(false) }
}

// without takes a part out of an answer.
func without(pattern string) func(string) string {
	return func(answer string) string { return regexp.MustCompile(pattern).ReplaceAllString(answer, "") }
}

// A new key whose answer lacks the secret is certainly ours, and revoked at once.
func TestANextKeyWithoutASecretIsRevoked(t *testing.T) {
	t.Parallel()
	server := target(t)
	w, first, mend := server.withNext(t, without(`,"secret":"[^"]*"`))
	w.applyMustFail(t, "Cannot create the next Neowit service account key", "lacks its secret")
	mend()
	if w.held("current") != first {
		t.Error("a key of which too little is known came into the state")
	}
	w.mustHold(t, first)
	w.mustRotate(t)
}

// A key that was made while the answer told nothing of it is named by the next plan, and revoked by its apply.
func TestANextKeyThatIsLost(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(string) string{
		"an answer without an id": without(`"keyId":"[^"]*",`),
		"no answer":               func(string) string { return "" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			w, first, mend := server.withNext(t, change)
			w.applyMustFail(t, "Cannot create the next Neowit service account key", "was made just then", "It was not touched")
			mend()
			if w.held("current") != first {
				t.Error("the current key did not stay")
			}
			if _, printed, changes := w.Plan(); !changes || !acctest.Said(printed, "A Neowit service account key was found where a creation was lost", "The plan revokes it") {
				t.Errorf("the plan does not tell of it:\n%s", printed)
			}
			w.mustRotate(t)
			w.mustHold(t, first, w.held("current"))
		})
	}
}

// If the previous key cannot be revoked, nothing else is done.
func TestAPreviousKeyThatCannotBeRevoked(t *testing.T) {
	t.Parallel()
	w := target(t).timedRotation(t, map[string]string{})
	w.MustApply()
	w.pass(t, 91*day)
	current, previous := w.mustRotate(t)
	w.pass(t, 99*day)
	w.Plan()
	w.box.Fault(t, map[string]any{"system": "neowit", "method": http.MethodDelete, "path": keyPath, "kind": "status", "status": 403})
	w.applyMustFail(t, "Cannot revoke the previous Neowit service account key", previous.id)
	w.box.Mend(t)
	if w.held("current") != current || w.held("previous") != previous {
		t.Error("the state does not tell what the server has")
	}
	w.MustApply()
	w.MustBeQuiet()
	w.mustHold(t, current)
}
