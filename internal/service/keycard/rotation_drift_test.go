package keycard_test

import (
	"net/http"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-exec/tfexec"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

const tokenRoute = "/service-account-token"

var toldSecret = regexp.MustCompile(`("client_secret":\s*")(\w+)`)

// dead keeps a configuration whose credential has a secret in the state that the system does not accept. It was made an hour
// ago, so that no refusal is put down to its youth.
func (s server) dead(t *testing.T, file string, pairs ...string) *kept {
	t.Helper()
	var dies atomic.Bool
	env := s.box.Between(t, acctest.Between{Rewrite: func(_ *http.Request, answer string) string {
		if !dies.Load() {
			return answer
		}
		return toldSecret.ReplaceAllString(answer, "${1}"+strings.Repeat("dead", 16))
	}})
	k := s.keepIn(t, env, file, pairs...)
	s.box.MoveClock(t, -time.Hour)
	dies.Store(true)
	k.MustApply()
	dies.Store(false)
	s.box.MoveClock(t, 0)
	return k
}

// refuseNext has the next login of a run after the provider's own refused, in both ways to send it.
func (s server) refuseNext(t *testing.T) {
	t.Helper()
	s.fault(t, http.MethodPost, tokenRoute, "status", map[string]any{"status": http.StatusUnauthorized, "skip": 1, "times": 4})
}

// Without verify_on_refresh no login is sent but the provider's own. With it there is one more, and nothing changes as long
// as it succeeds.
func TestVerifyOnRefresh(t *testing.T) {
	t.Parallel()
	server := target(t)
	k := server.keep(t, "credential.tf")
	k.MustApply()
	for verify, want := range map[string]int{"": 1, "false": 1, "true": 2} {
		k.vary("verify_on_refresh", verify)
		k.MustApply()
		server.box.ForgetRequests(t)
		if _, printed, changes := k.Plan(); changes || acctest.Said(printed, "Warning") {
			t.Errorf("verify_on_refresh = %q: the plan is not empty:\n%s", verify, printed)
		}
		if sent := server.box.Logins(t); sent != want {
			t.Errorf("verify_on_refresh = %q: %d logins, want %d", verify, sent, want)
		}
		k.MustBeQuiet()
	}
}

// A secret that the system no longer accepts is found by a plan, and replaced.
func TestADeadSecretIsReplaced(t *testing.T) {
	t.Parallel()
	server := target(t)
	k := server.dead(t, "credential.tf", "verify_on_refresh", "true")
	id := k.text(credentialAddress, "id")
	k.mustPlan(t, credentialAddress, "delete+create", "Keycard service account credential is no longer accepted",
		`refused a login with the secret of the credential "ci" (`+id+`)`, "The plan replaces it")
	k.MustApply(k.SavedPlan())
	if k.text(credentialAddress, "id") == id || !server.accepts(t, k.text(credentialAddress, "client_id"), k.text(credentialAddress, "client_secret")) {
		t.Error("the credential was not replaced by one that is accepted")
	}
	k.MustBeQuiet()
	k.MustDestroy()
	server.box.MustBeEmpty(t, "keycard")
}

// What is found can also be kept, or be an error; a destroy it never stops.
func TestADeadSecretIsKeptOrAnError(t *testing.T) {
	t.Parallel()
	server := target(t)
	k := server.dead(t, "credential.tf", "verify_on_refresh", "true", "on_drift", "warn")
	id := k.text(credentialAddress, "id")
	k.mustPlan(t, credentialAddress, "no-op", "is no longer accepted", "The plan keeps it as it is", "rotate_when_changed replaces it")
	k.MustBeQuiet()
	k.vary("description", "changed")
	k.mustPlan(t, credentialAddress, "update", "is no longer accepted")
	k.MustApply(k.SavedPlan())
	k.MustBeQuiet()

	k.vary("on_drift", "error")
	k.PlanMustFail(acctest.Says("is no longer accepted", `on_drift is "error"`, `set on_drift to "repair" or "warn"`))
	if k.text(credentialAddress, "id") != id {
		t.Error("the credential was replaced")
	}
	k.vary("rotate_after", "1d") // which is no repair
	k.PlanMustFail(acctest.Says(`on_drift is "error"`))
	plan, printed, _ := k.Plan(tfexec.Destroy(true), withoutRefresh)
	if acctest.Actions(plan, credentialAddress) != "delete" {
		t.Errorf("a destroy is refused:\n%s", printed)
	}
	k.Write("main.tf", accountNamed("ci"))
	k.mustPlan(t, credentialAddress, "delete")
	k.MustApply(k.SavedPlan())
	k.MustDestroy()
	server.box.MustBeEmpty(t, "keycard")
}

// What is not known about a secret changes nothing: the endpoint is out of order, something stands before it, or the secret
// is too young to be known everywhere.
func TestWhatIsNotKnownOfASecret(t *testing.T) {
	t.Parallel()
	server := target(t)
	k := server.dead(t, "credential.tf", "verify_on_refresh", "true")
	server.box.MoveClock(t, -time.Hour)
	if _, printed, changes := k.Plan(); changes || acctest.Said(printed, "Warning") {
		t.Errorf("a refusal of something new is believed:\n%s", printed)
	}
	server.box.MoveClock(t, 0)
	k.Write("provider.tf", "provider \"machineid\" {\n max_retries = 0\n}\n")
	const notVerified = "Keycard service account credential could not be verified"
	for name, fault := range map[string]map[string]any{
		"out of order": {"kind": "status", "status": http.StatusServiceUnavailable},
		"no answer":    {"kind": "cut_before"},
		"a page":       {"kind": "html"},
		"a portal":     {"kind": "status", "status": http.StatusUnauthorized, "page": true},
		"forbidden":    {"kind": "status", "status": http.StatusForbidden},
	} {
		t.Log(name)
		fault["skip"] = 1 // the provider's own login
		server.fault(t, http.MethodPost, tokenRoute, fault["kind"].(string), fault)
		k.mustPlan(t, credentialAddress, "no-op", notVerified, "It could not be found out whether the secret of the credential")
		server.box.Mend(t)
	}
	k.mustPlan(t, credentialAddress, "delete+create", "is no longer accepted")
}

// A current credential that is refused is replaced without an overlap, and the previous one stays.
func TestADeadCurrentCredential(t *testing.T) {
	t.Parallel()
	server := target(t)
	k := server.dead(t, "rotating_credential.tf", "verify", "false", "verify_on_refresh", "true")
	first := k.part("current")
	k.mustPlan(t, rotatingAddress, "update", "is no longer accepted", "The plan replaces it")
	k.MustApply(k.SavedPlan())
	second := k.part("current")
	if second.id == first.id || k.part("previous").id != "" || server.held(t, credentials, first.id).ID != "" || !server.takes(t, second) {
		t.Errorf("the current credential is %s after %s", second.id, first.id)
	}
	k.MustBeQuiet()

	k.vary("on_drift", "error")
	k.MustApply()
	k.MustBeQuiet()
	server.box.MoveClock(t, 3*time.Minute) // it is not young any more
	server.refuseNext(t)
	k.PlanMustFail(acctest.Says("is no longer accepted", `on_drift is "error"`))
	server.box.Mend(t)
	k.vary("on_drift", "warn")
	k.MustApply()
	server.refuseNext(t)
	k.mustPlan(t, rotatingAddress, "no-op", "is no longer accepted", "The plan keeps it as it is")
	server.box.Mend(t)
	k.MustDestroy()
	server.box.MustBeEmpty(t, "keycard")
}
