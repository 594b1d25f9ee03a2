package dt_test

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-exec/tfexec"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// aWhile is when a refusal cannot be the delay any more with which a new key is known everywhere, and still near enough to
// the true time for logins.
const aWhile = 3 * time.Minute

// By default no refresh sends a key.
func TestAccKeysAreNotVerifiedUnasked(t *testing.T) {
	t.Parallel()
	for file, address := range map[string]string{"key.tf": keyAddress, "rotating_key.tf": rotatingAddress} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			a := target(t).aging(t, file, map[string]string{})
			a.settle()
			a.at(aWhile)
			a.every(refused)
			for verify, want := range map[string]int{"false": 1, "true": 2} {
				a.set("verify_on_refresh", verify)
				a.box.ForgetRequests(t)
				plan, _, _ := a.Plan()
				if logins := a.box.Logins(t); logins != 1 {
					t.Errorf("%d logins before verify_on_refresh is in the state, want the provider's own", logins)
				}
				if actions := acctest.Actions(plan, address); actions != "update" {
					t.Errorf("verify_on_refresh = %s is planned as %s", verify, actions)
				}
				a.every(passed)
				a.settle()
				a.box.ForgetRequests(t)
				a.Plan()
				if logins := a.box.Logins(t); logins != want {
					t.Errorf("verify_on_refresh = %s: %d logins, want %d", verify, logins, want)
				}
				a.set("verify_on_refresh", "")
				a.settle()
			}
		})
	}
}

func TestAccAKeyThatIsRefusedIsRepaired(t *testing.T) {
	t.Parallel()
	a := target(t).aging(t, "key.tf", map[string]string{"verify_on_refresh": "true"})
	a.settle()
	id, _ := a.Value(keyAddress, "id").(string)
	a.only(id, refused)
	a.MustBeQuiet() // so young, it may only not be known everywhere yet
	a.at(aWhile)
	plan, printed, _ := a.Plan()
	if acctest.Actions(plan, keyAddress) != "delete+create" ||
		!acctest.Said(printed, "DT service account key is no longer accepted", "refused a login with the secret of the key", id, "The plan replaces it") {
		t.Errorf("a refused key is kept:\n%s", printed)
	}
	a.settle()
	if a.Value(keyAddress, "id") == id {
		t.Error("the refused key is still there")
	}
}

func TestAccAKeyThatIsRefusedIsKept(t *testing.T) {
	t.Parallel()
	a := target(t).aging(t, "key.tf", map[string]string{"verify_on_refresh": "true", "on_drift": "warn"})
	a.settle()
	id, _ := a.Value(keyAddress, "id").(string)
	a.only(id, refused)
	a.at(aWhile)
	if _, printed, changes := a.Plan(); changes || !acctest.Said(printed, "is no longer accepted", "The plan keeps it as it is", "rotate_when_changed replaces it") {
		t.Errorf("with on_drift = \"warn\" the plan has changes: %t\n%s", changes, printed)
	}
	a.settle()
	// What the last refresh found is forgotten by the next one that finds nothing.
	a.every(passed)
	if _, printed, changes := a.Plan(); changes || acctest.Said(printed, "no longer accepted") {
		t.Errorf("an accepted key:\n%s", printed)
	}
	if a.Value(keyAddress, "id") != id {
		t.Error("the key was replaced")
	}
}

func TestAccAKeyThatIsRefusedFailsThePlan(t *testing.T) {
	t.Parallel()
	a := target(t).aging(t, "key.tf", map[string]string{"verify_on_refresh": "true", "on_drift": "error"})
	a.settle()
	id, _ := a.Value(keyAddress, "id").(string)
	a.only(id, refused)
	a.at(aWhile)
	a.PlanMustFail(acctest.Says("DT service account key is no longer accepted", id, `on_drift is "error"`))
	if printed, err := a.Apply(); err == nil {
		t.Errorf("the apply does not fail:\n%s", printed)
	}
	if a.Value(keyAddress, "id") != id {
		t.Error("the key was replaced")
	}
	a.Write("main.tf", "")
	if plan, printed, _ := a.Plan(); acctest.Actions(plan, keyAddress) != "delete" {
		t.Errorf("the key cannot be taken out of the configuration:\n%s", printed)
	}
	// A destroy that refreshes begins with a plan like any other, in which nothing tells that it is one.
	a.MustDestroy(tfexec.Refresh(false))
	a.mustHold()
}

// What cannot be found out is said, and changes nothing.
func TestAccAnOutageIsNoRefusal(t *testing.T) {
	t.Parallel()
	for file, address := range map[string]string{"key.tf": keyAddress, "rotating_key.tf": rotatingAddress} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			a := target(t).aging(t, file, map[string]string{"verify_on_refresh": "true", "on_drift": "error"})
			a.settle()
			a.at(aWhile)
			mustKeep := func(outage string) {
				t.Helper()
				plan, printed, changes := a.Plan()
				if changes || acctest.Actions(plan, address) != "no-op" || !acctest.Said(printed, "Warning: DT service account key could not be verified", "could not be found out") {
					t.Errorf("%s: the plan has changes: %t\n%s", outage, changes, printed)
				}
			}
			a.every(unanswered)
			mustKeep("no answer")
			a.every(passed)
			// The provider's own login comes first.
			a.box.Fault(t, map[string]any{"system": "dt", "path": "**/oauth2/token", "kind": "status", "status": 503, "skip": 1, "times": 1})
			mustKeep("status 503")
			a.box.Mend(t)
			a.box.Fault(t, map[string]any{"system": "dt", "path": "**/oauth2/token", "kind": "status", "status": 401, "page": true, "skip": 1, "times": 1})
			mustKeep("a page for people")
			a.box.Mend(t)
			a.MustBeQuiet()
		})
	}
}

// The current key is dead: the next one takes its place at once, and the previous one lives out its overlap.
func TestAccARefusedCurrentKeyIsReplaced(t *testing.T) {
	t.Parallel()
	a := target(t).aging(t, "rotating_key.tf", map[string]string{"verify_on_refresh": "true"})
	a.settle()
	a.at(91 * day)
	a.settle()
	dead, previous := a.both()
	a.at(91*day + aWhile)
	a.only(dead.id, refused)
	for _, kept := range []struct{ onDrift, says string }{{"warn", "The plan keeps it as it is"}, {"error", ""}} {
		a.set("on_drift", kept.onDrift)
		if kept.says == "" {
			a.PlanMustFail(acctest.Says("DT service account key is no longer accepted", dead.id, `on_drift is "error"`))
			continue
		}
		if plan, printed, _ := a.Plan(); !acctest.Said(printed, "is no longer accepted", kept.says) || isRotated(plan) {
			t.Errorf("on_drift = %q:\n%s", kept.onDrift, printed)
		}
	}
	a.set("on_drift", "")
	plan, printed, _ := a.Plan()
	if acctest.Actions(plan, rotatingAddress) != "update" || !isRotated(plan) || !acctest.Said(printed, "is no longer accepted", dead.id, "The plan replaces it") {
		t.Fatalf("the dead key is kept:\n%s", printed)
	}
	a.MustApply(a.SavedPlan())
	if _, printed, changes := a.Plan(tfexec.Refresh(false)); changes {
		t.Errorf("what was found of the dead key counts for the new one:\n%s", printed)
	}
	a.MustBeQuiet()
	current, still := a.both()
	if current.id == dead.id || still != previous {
		t.Errorf("current is %s after %s, previous %s after %s", current.id, dead.id, still.id, previous.id)
	}
	a.mustHold(current, previous)
	a.mustLogIn(current, true)
	a.mustLogIn(previous, true)
}

// A refresh alone keeps what it found for the plans that follow without one.
func TestAccAFindingIsRemembered(t *testing.T) {
	t.Parallel()
	a := target(t).aging(t, "key.tf", map[string]string{"verify_on_refresh": "true"})
	a.settle()
	a.at(aWhile)
	a.every(refused)
	a.MustApply(tfexec.RefreshOnly(true))
	a.every(passed)
	if plan, printed, _ := a.Plan(tfexec.Refresh(false)); acctest.Actions(plan, keyAddress) != "delete+create" {
		t.Errorf("the finding is forgotten:\n%s", printed)
	}
	a.MustBeQuiet()
}
