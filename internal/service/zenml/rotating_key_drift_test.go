package zenml_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/hashicorp/terraform-exec/tfexec"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// A rotation elsewhere is seen, and remembered through refreshes. As long as the value in the state is accepted, a second key
// takes over, because a further rotation would refuse whoever uses that value: it may be a rotation of ours, after which the run
// was killed.
func TestAccRotatingKeyRotatedElsewhere(t *testing.T) {
	t.Parallel()
	r := kept(t, "rotating_key.tf", map[string]any{"on_drift": "warn"})
	account, id := r.place()
	first := text(r.held("current"), "secret")
	theirs := r.server.hand.rotateKey(t, account, id, 60)
	const found = "ZenML API key was rotated outside Terraform"
	for range 2 {
		r.MustApply(tfexec.RefreshOnly(true))
		r.mustSay(t, "", found, "The plan keeps it as it is")
	}
	r.MustApply() // sees no change
	r.mustAccept(t, true, first, theirs)

	r.set(t, map[string]any{"on_drift": "error"})
	r.PlanMustFail(acctest.Says(found, `on_drift is "error"`))
	r.set(t, map[string]any{"on_drift": nil})
	r.mustTurn(t, rotatingAddress, "update", found, "by a run that was killed", "makes a second key")
	current, previous := r.held("current"), r.held("previous")
	r.mustAccept(t, true, first, theirs, text(current, "secret"))
	if text(previous, "id") != id || text(previous, "secret") != first || text(current, "id") == id {
		t.Errorf("the current key is %v, the previous %v", current["id"], previous)
	}
	r.set(t, map[string]any{"on_drift": "error"})
	r.MustApply()
	r.server.hand.rotateKey(t, account, text(current, "id"), 0)
	r.mustEnd(t)
}

// Where a rotation elsewhere has left no value to live on with, the key is rotated in place.
func TestAccRotatingKeyRotatedElsewhereForGood(t *testing.T) {
	t.Parallel()
	r := kept(t, "rotating_key.tf", nil)
	account, id := r.place()
	first := text(r.held("current"), "secret")
	theirs := r.server.hand.rotateKey(t, account, id, 0)
	r.mustTurn(t, rotatingAddress, "update", "was rotated outside Terraform", "Whoever uses an earlier value of the ZenML API key is refused at once")
	r.mustAccept(t, false, first, theirs)
	r.mustAccept(t, true, text(r.held("current"), "secret"))
	if r.Value(rotatingAddress, "previous") != nil || text(r.held("current"), "id") != id {
		t.Errorf("previous is %v", r.held("previous"))
	}
	r.MustDestroy()
}

// A rotation that is asked for after one elsewhere refuses nobody either, and neither does one that is due, whatever on_drift
// keeps until then.
func TestAccRotatingKeyRotatedElsewhereAndAskedFor(t *testing.T) {
	t.Parallel()
	r := kept(t, "rotating_key.tf", map[string]any{"on_drift": "warn", "rotate": map[string]string{"n": "1"}})
	account, id := r.place()
	theirs := r.server.hand.rotateKey(t, account, id, 60)
	r.set(t, map[string]any{"rotate": map[string]string{"n": "2"}})
	first := text(r.held("current"), "secret")
	r.mustTurn(t, rotatingAddress, "update", "was rotated outside Terraform", "makes a second key")
	r.mustAccept(t, true, first, theirs, text(r.held("current"), "secret"))
	r.MustDestroy()
}

func TestAccRotatingKeyRotatedElsewhereAndDue(t *testing.T) {
	t.Parallel()
	r := clocked(t, "rotating_key.tf", map[string]any{"on_drift": "warn"})
	account, id := r.place()
	first := text(r.held("current"), "secret")
	r.server.box.MoveClock(t, 89*day)
	theirs := r.server.hand.rotateKey(t, account, id, 30*24*60)
	r.mustSay(t, "", "was rotated outside Terraform", "The plan keeps it as it is")
	r.server.box.MoveClock(t, 91*day)
	r.mustTurn(t, rotatingAddress, "update", "was rotated outside Terraform", "makes a second key")
	r.mustAccept(t, true, first, theirs, text(r.held("current"), "secret"))

	// Nobody can live on with the value in the state, and the plan promises nothing.
	account, id = r.place()
	r.server.box.MoveClock(t, 130*day)
	r.MustApply()
	r.server.hand.rotateKey(t, account, id, 0)
	r.server.box.MoveClock(t, 182*day)
	plan, printed, _ := r.Plan()
	if acctest.Actions(plan, rotatingAddress) != "update" || !acctest.Said(printed, "is due for rotation", "The plan makes a new one.", "refused at once") {
		t.Errorf("the plan does %q:\n%s", acctest.Actions(plan, rotatingAddress), printed)
	}
	r.MustApply(r.SavedPlan())
	r.MustBeQuiet()
	r.MustDestroy()
}

// A deactivated key is drift: its values are good, it only has to be activated.
func TestAccRotatingKeyDeactivated(t *testing.T) {
	t.Parallel()
	r := kept(t, "rotating_key.tf", map[string]any{"rotate": map[string]string{"n": "1"}})
	account, id := r.place()
	value := text(r.held("current"), "secret")
	deactivate := func() { r.server.hand.updateKey(t, account, id, map[string]any{"active": false}) }
	const found = "ZenML API key was deactivated outside Terraform"
	deactivate()
	r.mustTurn(t, rotatingAddress, "update", found, "The plan activates it")
	r.mustAccept(t, true, value)

	r.set(t, map[string]any{"on_drift": "error"})
	r.MustApply()
	deactivate()
	r.PlanMustFail(acctest.Says(found, `on_drift is "error"`))
	r.set(t, map[string]any{"on_drift": "warn"})
	r.mustTurn(t, rotatingAddress, "update", found, "The plan keeps it as it is")
	r.mustSay(t, "", found)
	r.mustAccept(t, false, value)

	// Who asks for a new value wants to use it, and not the one that somebody has switched off.
	r.set(t, map[string]any{"rotate": map[string]string{"n": "2"}})
	r.mustTurn(t, rotatingAddress, "update", found, "refused at once", "which would be accepted again")
	r.mustAccept(t, false, value)
	r.mustAccept(t, true, text(r.held("current"), "secret"))
	r.MustDestroy()
}

// What the state keeps as it was found is rotated by age all the same, and not proven: it is known to be refused.
func TestAccRotatingKeyDeactivatedAndDue(t *testing.T) {
	t.Parallel()
	r := clocked(t, "rotating_key.tf", map[string]any{"on_drift": "warn"})
	account, id := r.place()
	r.server.hand.updateKey(t, account, id, map[string]any{"active": false})
	r.server.box.MoveClock(t, 91*day)
	r.mustTurn(t, rotatingAddress, "update", "was deactivated outside Terraform", "is due for rotation")
	if r.Value(rotatingAddress, "active") != false {
		t.Error("the key was activated")
	}
	r.MustDestroy()
}

// A login with the value finds out what nothing else tells, and is sent only if it is asked for.
func TestAccRotatingKeyRefused(t *testing.T) {
	t.Parallel()
	r := clocked(t, "rotating_key.tf", nil)
	box := r.server.box
	box.MoveClock(t, 91*day)
	r.mustTurn(t, rotatingAddress, "update")
	plan := func() { r.Plan() }
	without := r.loginsOf(t, plan)
	r.set(t, map[string]any{"verify_on_refresh": true})
	r.MustApply()
	r.MustBeQuiet()
	if with := r.loginsOf(t, plan); with != without+1 {
		t.Errorf("a refresh logs in %d times, %d times without verify_on_refresh", with, without)
	}
	previous := text(r.held("previous"), "secret")
	box.MoveClock(t, 92*day)
	const found = "ZenML API key is no longer accepted"
	r.set(t, map[string]any{"on_drift": "warn"})
	r.withoutLogins(t, http.StatusUnauthorized, func() { r.mustSay(t, "update", found, "The plan keeps it") })
	r.set(t, map[string]any{"on_drift": "error"})
	r.withoutLogins(t, http.StatusUnauthorized, func() { r.PlanMustFail(acctest.Says(found, `on_drift is "error"`)) })
	r.set(t, map[string]any{"on_drift": nil})
	r.withoutLogins(t, http.StatusUnauthorized, func() { r.mustSay(t, "update", found, "Whoever uses an earlier value", "the one before it") })
	value := text(r.held("current"), "secret")
	r.applyMustFail(t, "Cannot replace the refused ZenML API key", "accepts it again", "Nothing was changed")
	r.mustAccept(t, true, value, previous)
	r.withoutLogins(t, http.StatusUnauthorized, func() { r.mustSay(t, "update", found) })
	r.refuseOnce(t)
	r.MustApply(r.SavedPlan())
	r.MustBeQuiet()
	if r.Value(rotatingAddress, "previous") != nil {
		t.Error("the server keeps one earlier value, and the dead one pushed it out")
	}
	r.mustAccept(t, false, previous)
	r.mustAccept(t, true, text(r.held("current"), "secret"))
	r.MustDestroy()
}

// A deactivated owner is named, and never repaired from the key. A login that cannot be sent is no finding at all.
func TestAccRotatingKeyOfADeactivatedOwner(t *testing.T) {
	t.Parallel()
	r := clocked(t, "rotating_key.tf", map[string]any{"verify_on_refresh": true})
	account, _ := r.place()
	secret := text(r.held("current"), "secret")
	r.server.box.MoveClock(t, time.Hour)
	r.withoutLogins(t, http.StatusServiceUnavailable, func() { r.mustSay(t, "", "ZenML API key could not be verified") })
	r.server.hand.updateAccount(t, account, map[string]any{"active": false})
	plan, printed, _ := r.Plan()
	if acctest.Actions(plan, rotatingAddress) != "no-op" || !acctest.Said(printed, "belongs to a deactivated service account", account) {
		t.Errorf("the plan does %q:\n%s", acctest.Actions(plan, rotatingAddress), printed)
	}
	r.MustApply() // activates the account
	r.MustBeQuiet()
	r.mustAccept(t, true, secret)
	r.MustDestroy()
}
