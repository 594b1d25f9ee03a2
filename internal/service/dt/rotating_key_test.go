package dt_test

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-exec/tfexec"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

func TestAccRotatingKeyLifecycle(t *testing.T) {
	t.Parallel()
	a := target(t).aging(t, "rotating_key.tf", map[string]string{})
	if plan, printed, _ := a.Plan(); !isRotated(plan) {
		t.Errorf("the first key is known before it is made:\n%s", printed)
	} else if previous, unknown := planned(plan, rotatingAddress, "previous"); previous != nil || unknown {
		t.Errorf("before the first key there is one:\n%s", printed)
	}
	a.settle()
	first, none := a.both()
	if err := knownvalue.MapExact(map[string]knownvalue.Check{
		"service_account": accountNameCheck, "rotate_when_changed": knownvalue.Null(), "rotate_after": knownvalue.StringExact("90d"),
		"rotation_jitter": knownvalue.Null(), "rotation_due_at": knownvalue.StringExact(dueAfter(t, first.created, 90*day)), "on_drift": knownvalue.Null(),
		"verify_on_refresh": knownvalue.Null(), "overlap": knownvalue.StringExact("7d"), "verify": knownvalue.Null(), "deletion_policy": knownvalue.Null(), "encrypt_to": knownvalue.Null(),
		"current": knownvalue.MapExact(map[string]knownvalue.Check{
			"id": isID, "secret": matching("[0-9a-f]{32}"), "created": isMoment, "encrypted_secret": knownvalue.Null(), "recipient_fingerprints": knownvalue.Null(),
		}),
		"previous": knownvalue.Null(),
	}).CheckValue(a.whole(rotatingAddress)); err != nil {
		t.Error(err)
	}
	a.mustHold(first)
	a.mustLogIn(first, true)

	a.at(90*day - time.Hour)
	a.MustBeQuiet()
	a.at(90*day + time.Hour)
	plan, printed, _ := a.Plan()
	if acctest.Actions(plan, rotatingAddress) != "update" || !isRotated(plan) ||
		!acctest.Said(printed, "DT service account key is due for rotation", first.id, `rotate_after is "90d"`, "keeps this one for the overlap of 7d") {
		t.Errorf("nothing is due after 90 days:\n%s", printed)
	}
	if acctest.Said(printed, "no longer be marked as sensitive") {
		t.Errorf("the plan takes the secret for one that may be shown:\n%s", printed)
	}
	a.MustApply(a.SavedPlan())
	a.MustBeQuiet()
	second, previous := a.both()
	made, err := time.Parse(time.RFC3339Nano, second.created)
	if err != nil {
		t.Fatal(err)
	}
	if want := (held{first.id, first.secret, first.created, made.Add(7 * day).Format(time.RFC3339Nano)}); previous != want || second.id == first.id {
		t.Errorf("previous is %s, made at %s, which retires at %s, want %s, %s, %s",
			previous.id, previous.created, previous.retires, want.id, want.created, want.retires)
	}
	if due, want := a.Value(rotatingAddress, "rotation_due_at"), dueAfter(t, second.created, 90*day); due != want {
		t.Errorf("due at %v, want %s", due, want)
	}
	a.mustHold(first, second)
	a.mustLogIn(first, true)
	a.mustLogIn(second, true)

	a.at(97 * day)
	a.MustBeQuiet()
	a.at(97*day + 2*time.Hour)
	plan, printed, _ = a.Plan()
	if after, unknown := planned(plan, rotatingAddress, "previous"); after != nil || unknown || isRotated(plan) || acctest.Actions(plan, rotatingAddress) != "update" {
		t.Errorf("the old key does not retire:\n%s", printed)
	}
	a.settle()
	if current, gone := a.both(); current != second || gone != none {
		t.Errorf("current is %s, previous %s", current.id, gone.id)
	}
	a.mustHold(second)
	a.mustLogIn(first, false)
	a.mustLogIn(second, true)

	a.at(200 * day)
	a.settle()
	a.end() // both
}

// A rotation that is asked for does not wait, and says whom it cuts off.
func TestAccARotationIsAskedFor(t *testing.T) {
	t.Parallel()
	a := target(t).aging(t, "rotating_key.tf", map[string]string{"reason": "one"})
	a.settle()
	first, _ := a.both()
	a.set("reason", "two")
	if _, printed, _ := a.Plan(); acctest.Said(printed, "revoked early") {
		t.Errorf("there is nothing to revoke yet:\n%s", printed)
	}
	a.settle()
	second, previous := a.both()
	if previous.id != first.id || second.id == first.id {
		t.Errorf("current is %s, previous %s, after %s", second.id, previous.id, first.id)
	}
	a.set("reason", "three")
	plan, printed, _ := a.Plan()
	if acctest.Actions(plan, rotatingAddress) != "update" || !isRotated(plan) ||
		!acctest.Said(printed, "The previous DT service account key is revoked early", "rotate_when_changed = ", first.id, "still lives, until", previous.retires) {
		t.Errorf("the plan does not say that the previous key ends early:\n%s", printed)
	}
	a.settle()
	third, previous := a.both()
	if previous.id != second.id {
		t.Errorf("previous is %s, want %s", previous.id, second.id)
	}
	a.mustHold(second, third)
	a.mustLogIn(first, false)
	a.mustLogIn(second, true)
	a.mustLogIn(third, true)
	// A map that goes or comes rotates nothing.
	for _, reason := range []string{"", "four"} {
		a.set("reason", reason)
		a.settle()
	}
	a.mustHold(second, third)
}

// What is due while the previous key lives waits for it to retire, and both then happen in one update.
func TestAccARotationWaitsForThePreviousKey(t *testing.T) {
	t.Parallel()
	a := target(t).aging(t, "rotating_key.tf", map[string]string{"overlap": "30d"})
	a.settle()
	a.at(91 * day)
	a.settle()
	second, first := a.both()
	a.at(100 * day)
	a.variables["rotate_after"] = "2d"
	a.set("overlap", "1d")
	plan, printed, _ := a.Plan()
	if acctest.Actions(plan, rotatingAddress) != "update" || isRotated(plan) {
		t.Errorf("the rotation does not wait:\n%s", printed)
	}
	a.settle() // due, and quiet
	if current, previous := a.both(); current != second || previous != first {
		t.Errorf("current is %s, previous %s, until %s", current.id, previous.id, previous.retires)
	}
	a.mustHold(first, second)
	a.at(121*day + 2*time.Hour)
	plan, printed, _ = a.Plan()
	if !isRotated(plan) || acctest.Said(printed, "revoked early") {
		t.Errorf("the rotation still waits:\n%s", printed)
	}
	a.settle()
	third, previous := a.both()
	if previous.id != second.id {
		t.Errorf("previous is %s, want %s", previous.id, second.id)
	}
	a.mustHold(second, third)
	a.mustLogIn(first, false)
}

// What a saved plan shows is what its apply does, whatever the clock says then, and what needs a refresh waits for one.
func TestAccSavedPlansOfARotatingKey(t *testing.T) {
	t.Parallel()
	a := target(t).aging(t, "rotating_key.tf", map[string]string{})
	a.settle()
	first, none := a.both()
	a.at(91 * day)
	if _, printed, changes := a.Plan(tfexec.Refresh(false)); changes {
		t.Errorf("something is due without a refresh:\n%s", printed)
	}
	if plan, printed, _ := a.Plan(); !isRotated(plan) {
		t.Fatalf("nothing is due:\n%s", printed)
	}
	a.at(120 * day)
	a.MustApply(a.SavedPlan())
	second, previous := a.both()
	if previous.id != first.id || second.id == first.id {
		t.Errorf("current is %s, previous %s", second.id, previous.id)
	}
	a.set("on_drift", "warn")
	if plan, printed, _ := a.Plan(); acctest.Actions(plan, rotatingAddress) != "update" {
		t.Errorf("the change is no update:\n%s", printed)
	}
	a.at(128 * day)
	a.box.ForgetRequests(t)
	a.MustApply(a.SavedPlan())
	a.box.MustBeUnasked(t)
	if current, still := a.both(); current != second || still != previous {
		t.Errorf("current is %s, previous %s", current.id, still.id)
	}
	a.settle()
	if current, gone := a.both(); current != second || gone != none {
		t.Errorf("current is %s, previous %s", current.id, gone.id)
	}
}

func TestAccKeysThatAreNotProven(t *testing.T) {
	t.Parallel()
	for verify, want := range map[string]int{"true": 2, "false": 1} {
		t.Run(verify, func(t *testing.T) {
			t.Parallel()
			a := target(t).aging(t, "rotating_key.tf", map[string]string{"verify": verify})
			a.Plan()
			a.box.ForgetRequests(t)
			a.MustApply(a.SavedPlan())
			if logins := a.box.Logins(t); logins != want {
				t.Errorf("a creation has %d logins, want %d", logins, want)
			}
			a.at(91 * day)
			a.Plan()
			a.box.ForgetRequests(t)
			a.MustApply(a.SavedPlan())
			if logins := a.box.Logins(t); logins != want {
				t.Errorf("a rotation has %d logins, want %d", logins, want)
			}
			a.MustBeQuiet()
		})
	}
}

// A change of the account ends both keys, and makes one for the new account.
func TestAccARotatingKeyMoves(t *testing.T) {
	t.Parallel()
	server := target(t)
	a := server.aging(t, "rotating_key.tf", map[string]string{})
	a.settle()
	a.at(91 * day)
	a.settle()
	a.set("project", server.otherProject)
	if plan, printed, _ := a.Plan(); acctest.Actions(plan, rotatingAddress) != "delete+create" {
		t.Errorf("the key stays where it was:\n%s", printed)
	}
	a.settle()
	current, previous := a.both()
	if previous.id != "" {
		t.Errorf("previous is %s", previous.id)
	}
	a.mustHold(current)
}
