package neowit_test

import (
	"net/http"
	"regexp"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-exec/tfexec"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// inTruth finds the secret of a new key.
var inTruth = regexp.MustCompile(`"secret":"[^"]*"`)

// lying is an environment in which the answers to creations of keys have a wrong secret as long as lies is true. So the server
// refuses the secret in the state.
func (s server) lying(t *testing.T) (env map[string]string, lies *atomic.Bool) {
	t.Helper()
	lies = &atomic.Bool{}
	return s.box.Between(t, acctest.Between{Rewrite: func(r *http.Request, answer string) string {
		if !lies.Load() || !acctest.IsCreation(r, accountsPath+"/*/key") {
			return answer
		}
		return inTruth.ReplaceAllString(answer, `"secret":"0123456789abcdefghijABCDEFGHIJ_-"`)
	}}), lies
}

// deadKey is a workspace whose key is refused, and an hour old in the present.
func (s server) deadKey(t *testing.T, configuration string, variables map[string]string) timed {
	t.Helper()
	env, lies := s.lying(t)
	w := s.timedIn(t, env, configuration, variables)
	w.pass(t, -beginning-time.Hour)
	lies.Store(true)
	w.MustApply()
	lies.Store(false)
	w.pass(t, -beginning)
	return w
}

func TestASecretIsVerifiedOnlyIfThatIsAskedFor(t *testing.T) {
	t.Parallel()
	for verify, want := range map[string]int{"false": 1, "true": 2} {
		for _, configuration := range []string{"key.tf", "rotating_key.tf"} {
			server := target(t)
			w := server.timedIn(t, server.env, configuration, map[string]string{"verify_on_refresh": verify})
			w.MustApply()
			w.MustBeQuiet()
			w.box.ForgetRequests(t)
			w.Plan()
			if logins := w.box.Logins(t); logins != want {
				t.Errorf("%s, %s: %d logins, want %d with that of the provider", configuration, verify, logins, want)
			}
		}
	}
}

func TestADeadKeyIsFoundAndReplaced(t *testing.T) {
	t.Parallel()
	const found = "Neowit service account key is no longer accepted"
	variables := map[string]string{"verify_on_refresh": "false"}
	w := target(t).deadKey(t, "key.tf", variables)
	w.MustBeQuiet()
	id := w.Value(keyAddress, "key_id").(string)
	drift := func(value string) {
		variables["verify_on_refresh"], variables["on_drift"] = "true", value
		w.Variables(variables)
	}
	drift("warn")
	w.MustApply() // it is asked for only then
	if _, printed, changes := w.Plan(); changes || !acctest.Said(printed, found, id, "The plan keeps it as it is") {
		t.Errorf("a warning is to be all:\n%s", printed)
	}
	drift("error")
	w.PlanMustFail(acctest.Says(found, id, `on_drift is "error"`))
	drift("repair")
	w.mustPlan(t, keyAddress, "delete+create", found, id, "The plan replaces it")
	w.MustApply()
	w.MustBeQuiet()
	if again := w.Value(keyAddress, "key_id"); again == id {
		t.Error("the key was not replaced")
	}
	w.MustDestroy()
}

// An error is for plans that would go on with the key. A destroy that refreshes plans as usual first, because the CLI wants
// it so; one that does not, and a key that is taken out of the configuration, come without it.
func TestADeadKeyIsDestroyedAllTheSame(t *testing.T) {
	t.Parallel()
	for configuration, variables := range map[string]map[string]string{
		"key.tf": {"on_drift": "error"}, "rotating_key.tf": {"on_drift": "error", "verify": "false"},
	} {
		variables["verify_on_refresh"] = "true"
		for name, destroy := range map[string]func(timed){
			"without a refresh": func(w timed) { w.MustDestroy(tfexec.Refresh(false)) },
			"by configuration":  func(w timed) { w.Write("main.tf", ""); w.MustApply() },
		} {
			t.Run(configuration+", "+name, func(t *testing.T) {
				t.Parallel()
				w := target(t).deadKey(t, configuration, variables)
				w.PlanMustFail(acctest.Says("is no longer accepted", `on_drift is "error"`))
				destroy(w)
				w.box.MustBeEmpty(t, "neowit")
			})
		}
	}
}

// A server that does not answer, or whose clock is another, has refused nothing.
func TestALoginThatTellsNothingIsNoDrift(t *testing.T) {
	t.Parallel()
	server := target(t)
	w := server.timedIn(t, server.env, "key.tf", map[string]string{"verify_on_refresh": "true"})
	w.Write("provider.tf", "provider \"machineid\" { max_retries = 0 }\n")
	w.MustApply()
	w.MustBeQuiet()
	for name, test := range map[string]struct {
		since  time.Duration
		status int
	}{
		"an outage":     {-beginning, http.StatusServiceUnavailable},
		"no permission": {-beginning, http.StatusForbidden},
		"another clock": {-beginning - time.Hour, http.StatusUnauthorized},
	} {
		w.pass(t, test.since)
		w.box.Fault(t, map[string]any{"system": "neowit", "method": http.MethodPost, "path": tokenPath, "kind": "status", "status": test.status, "skip": 1})
		if _, printed, changes := w.Plan(); changes || !acctest.Said(printed, "Neowit service account key could not be verified") {
			t.Errorf("%s: a warning is to be all:\n%s", name, printed)
		}
		w.box.Mend(t)
	}
}

// A new key may not be known everywhere yet.
func TestARefusalOfAYoungKeyIsNoDrift(t *testing.T) {
	t.Parallel()
	server := target(t)
	w := server.timedIn(t, server.env, "key.tf", map[string]string{"verify_on_refresh": "true"})
	w.pass(t, -beginning)
	w.MustApply()
	w.box.Fault(t, map[string]any{"system": "neowit", "method": http.MethodPost, "path": tokenPath, "kind": "status", "status": 401, "skip": 1})
	if _, printed, changes := w.Plan(); changes || acctest.Said(printed, "no longer accepted") {
		t.Errorf("a refusal after seconds is no drift:\n%s", printed)
	}
}

// A dead current key is replaced and revoked, and the previous one stays for its overlap.
func TestADeadCurrentKeyIsReplacedBesideThePreviousOne(t *testing.T) {
	t.Parallel()
	server := target(t)
	env, lies := server.lying(t)
	variables := map[string]string{"verify": "false", "quarter": "1", "on_drift": "warn"}
	w := server.timedIn(t, env, "rotating_key.tf", variables)
	w.pass(t, -beginning-time.Hour)
	w.MustApply()
	lies.Store(true)
	variables["quarter"] = "2"
	w.Variables(variables)
	w.MustApply()
	lies.Store(false)
	dead, previous := w.held("current"), w.held("previous")
	w.pass(t, -beginning)
	variables["verify_on_refresh"], variables["verify"] = "true", "true"
	w.Variables(variables)
	w.MustApply()
	if _, printed, changes := w.Plan(); changes || !acctest.Said(printed, "is no longer accepted", dead.id, "The plan keeps it as it is") {
		t.Errorf("a warning is to be all:\n%s", printed)
	}
	variables["on_drift"] = "repair"
	w.Variables(variables)
	w.mustPlan(t, rotatingAddress, "update", "is no longer accepted", dead.id, "The plan replaces it")
	w.MustApply()
	w.MustBeQuiet()
	current := w.held("current")
	if current.id == dead.id || w.held("previous") != previous {
		t.Errorf("%s and %s are held", current.id, w.held("previous").id)
	}
	w.mustHold(t, current, previous)
}
