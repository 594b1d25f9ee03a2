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

// A new key of which the answer tells too little is revoked, wherever that is noticed.
func TestANextKeyOfWhichTooLittleIsKnownIsRevoked(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		without *regexp.Regexp // if the answer comes
		want    []string
	}{
		"without a secret": {regexp.MustCompile(`,"secret":"[^"]*"`), []string{"lacks its secret"}},
		"without an id":    {regexp.MustCompile(`"keyId":"[^"]*",`), []string{"lacks its id", "What was made cannot be used, so it is revoked"}},
		"a lost answer":    {nil, []string{"EOF", "What was made cannot be used, so it is revoked"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			var broken atomic.Bool
			isBroken := func(r *http.Request) bool { return broken.Load() && acctest.IsCreation(r, accountsPath+"/*/key") }
			w := server.timedIn(t, server.box.Between(t, acctest.Between{
				After: func(r *http.Request) bool { return test.without != nil || !isBroken(r) },
				Rewrite: func(r *http.Request, answer string) string {
					if test.without == nil || !isBroken(r) {
						return answer
					}
					return test.without.ReplaceAllString(answer, "")
				},
			}), "rotating_key.tf", map[string]string{})
			w.MustApply()
			first := w.held("current")
			w.pass(t, 91*day)
			w.Plan()
			broken.Store(true)
			w.applyMustFail(t, append([]string{"Cannot create the next Neowit service account key"}, test.want...)...)
			broken.Store(false)
			if w.held("current") != first {
				t.Error("a key of which too little is known came into the state")
			}
			w.mustHold(t, first)
			w.mustRotate(t)
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
