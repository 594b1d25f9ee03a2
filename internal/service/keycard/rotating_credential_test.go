package keycard_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/hashicorp/terraform-exec/tfexec"
)

const rotatingAddress = "machineid_keycard_service_account_rotating_credential.test"

// part is one of the credentials that a rotating one holds in the state.
type part struct{ id, clientID, secret, created, retires string }

// part is the current or the previous one; zero if there is none.
func (k *kept) part(which string) part {
	object, _ := k.Value(rotatingAddress, which).(map[string]any)
	text := func(name string) string {
		value, _ := object[name].(string)
		return value
	}
	return part{text("id"), text("client_id"), text("secret"), text("created"), text("retires_at")}
}

// takes tells if the server accepts a credential.
func (s server) takes(t *testing.T, one part) bool {
	t.Helper()
	return s.accepts(t, one.clientID, one.secret)
}

// mustHold fails the test unless these are the credentials of the account, in any order.
func (s server) mustHold(t *testing.T, want ...part) {
	t.Helper()
	made := s.box.Objects(t, "keycard", credentials)
	if len(made) != len(want) {
		t.Errorf("the server holds %d credentials, want %d", len(made), len(want))
	}
	for _, one := range want {
		if s.held(t, credentials, one.id).ID == "" {
			t.Errorf("the server does not hold %s", one.id)
		}
	}
}

// The life of a rotating credential: made, due, rotated with an overlap, retired, and rotated again.
func TestRotatingCredential(t *testing.T) {
	t.Parallel()
	server := target(t)
	k := server.keep(t, "rotating_credential.tf")
	k.MustApply()
	k.MustBeQuiet()
	first := k.part("current")
	if k.Value(rotatingAddress, "previous") != nil || !server.takes(t, first) {
		t.Error("there is a previous credential, or the current one is refused")
	}
	if due, want := k.moment(t, rotatingAddress, "rotation_due_at"), parsed(t, first.created).Add(90*day).Truncate(time.Minute); !due.Equal(want) {
		t.Errorf("due at %s, want %s", due, want)
	}
	server.mustHold(t, first)

	server.box.MoveClock(t, 90*day+time.Hour)
	if _, printed, changes := k.Plan(tfexec.Refresh(false)); changes {
		t.Errorf("a plan without a refresh finds something due:\n%s", printed)
	}
	k.mustPlan(t, rotatingAddress, "update", "is due for rotation", first.id, "The plan makes a new one, and unless it replaces the resource, keeps this one for the overlap of 7d")
	k.MustApply(k.SavedPlan())
	k.MustBeQuiet()
	second, previous := k.part("current"), k.part("previous")
	if retires, want := parsed(t, previous.retires), parsed(t, second.created).Add(7*day); !retires.Equal(want) {
		t.Errorf("the previous credential retires at %s, want %s", retires, want)
	}
	previous.retires = ""
	if previous != first || second.id == first.id || second.clientID == first.clientID || !server.takes(t, first) || !server.takes(t, second) {
		t.Error("the old credential is not kept beside a new one")
	}
	server.mustHold(t, first, second)

	server.box.MoveClock(t, 97*day)
	k.MustBeQuiet()
	server.box.MoveClock(t, 97*day+3*time.Hour)
	k.mustPlan(t, rotatingAddress, "update")
	plan, printed, _ := k.Plan()
	if after, _ := change(t, plan, rotatingAddress); after["previous"] != nil {
		t.Errorf("the previous credential is not planned to go:\n%s", printed)
	}
	k.MustApply(k.SavedPlan())
	k.MustBeQuiet()
	if k.part("current") != second || server.takes(t, first) || !server.takes(t, second) {
		t.Error("the old credential is still accepted, or the new one is not")
	}
	server.mustHold(t, second)
	k.MustDestroy()
	server.box.MustBeEmpty(t, "keycard")
}

// What is asked for does not wait: the previous credential retires early, and the plan says so. What is due waits.
func TestARotationWhileThePreviousLives(t *testing.T) {
	t.Parallel()
	server := target(t)
	k := server.keep(t, "rotating_credential.tf", "rotate", "1")
	k.MustApply()
	first := k.part("current")
	k.vary("rotate", "2")
	k.mustPlan(t, rotatingAddress, "update")
	k.MustApply(k.SavedPlan())
	k.MustBeQuiet()
	second := k.part("current")
	server.mustHold(t, first, second)

	k.vary("rotate", "3")
	k.mustPlan(t, rotatingAddress, "update", "is revoked early", "rotate_when_changed", first.id, "Whoever still uses it is refused from then on")
	k.MustApply(k.SavedPlan())
	k.MustBeQuiet()
	third := k.part("current")
	if k.part("previous").id != second.id || server.takes(t, first) || !server.takes(t, second) || !server.takes(t, third) {
		t.Error("not the last two are accepted")
	}
	server.mustHold(t, second, third)

	// By a shorter period it is due at once, and by a longer overlap before the one before it retires.
	k.vary("rotate_after", "9d", "overlap", "8d")
	k.MustApply()
	server.box.MoveClock(t, 6*day)
	k.vary("rotate_after", "5d", "overlap", "4d")
	k.mustPlan(t, rotatingAddress, "update")
	k.MustApply(k.SavedPlan())
	k.MustBeQuiet()
	if k.part("current") != third || k.part("previous").id != second.id {
		t.Error("a rotation that is due did not wait for the previous credential to retire")
	}
	server.box.MoveClock(t, 7*day+2*time.Hour) // as it was said when it became the previous one
	k.mustPlan(t, rotatingAddress, "update", "is due for rotation")
	k.MustApply(k.SavedPlan())
	k.MustBeQuiet()
	if k.part("previous").id != third.id || server.takes(t, second) {
		t.Error("the rotation did not take place when the previous credential retired")
	}
	server.mustHold(t, third, k.part("current"))
	k.MustDestroy()
	server.box.MustBeEmpty(t, "keycard")
}

// Name and description are those of each new credential. A change concerns the current one, in place, and not the previous.
func TestNamesOfARotatingCredential(t *testing.T) {
	t.Parallel()
	server := target(t)
	k := server.keep(t, "rotating_credential.tf", "rotate", "1", "description", "of the first")
	k.MustApply()
	first := k.part("current")
	k.vary("name", "second", "description", "of the second", "rotate", "2")
	k.MustApply()
	k.MustBeQuiet()
	second := k.part("current")
	named := func(one part) string {
		found := server.held(t, credentials, one.id)
		return found.Name + ", " + found.Description
	}
	if named(first) != "ci, of the first" || named(second) != "second, of the second" {
		t.Errorf("the credentials are %q and %q", named(first), named(second))
	}
	k.vary("name", "renamed", "description", "")
	server.box.ForgetRequests(t)
	k.mustPlan(t, rotatingAddress, "update")
	k.MustApply(k.SavedPlan())
	k.MustBeQuiet()
	if sent := server.answered(t, http.MethodPatch, 0); sent != 1 || named(first) != "ci, of the first" || named(second) != "renamed, " || k.part("current") != second {
		t.Errorf("after %d updates the credentials are %q and %q", sent, named(first), named(second))
	}
	// Drift of the current one is repaired, of the previous one nobody speaks.
	account := k.text(accountAddress, "id")
	server.hand.patch(t, account+"/credentials/"+first.id, map[string]any{"name": "drifted"})
	k.MustBeQuiet()
	server.hand.patch(t, account+"/credentials/"+second.id, map[string]any{"name": "drifted"})
	k.mustPlan(t, rotatingAddress, "update")
	k.MustApply(k.SavedPlan())
	k.MustBeQuiet()
	if named(second) != "renamed, " {
		t.Errorf("the current credential is %q", named(second))
	}
	k.MustDestroy()
	server.box.MustBeEmpty(t, "keycard")
}

// The proof is one login for each new credential, and can be left out.
func TestTheProofCostsOneLogin(t *testing.T) {
	t.Parallel()
	server := target(t)
	k := server.keep(t, "rotating_credential.tf", "rotate", "1")
	for i, test := range []struct {
		verify string
		want   int
	}{{"", 2}, {"true", 2}, {"false", 1}} {
		k.vary("verify", test.verify, "rotate", string(rune('2'+i)))
		k.Plan()
		server.box.ForgetRequests(t)
		k.MustApply(k.SavedPlan())
		if sent := server.box.Logins(t); sent != test.want {
			t.Errorf("verify = %q: %d logins, want %d", test.verify, sent, test.want)
		}
	}
	k.vary("overlap", "6d")
	k.Plan()
	server.box.ForgetRequests(t)
	k.MustApply(k.SavedPlan())
	if sent := server.written(t); sent > 0 {
		t.Errorf("a changed overlap brought %d requests", sent)
	}
	k.MustBeQuiet()
	k.MustDestroy()
	server.box.MustBeEmpty(t, "keycard")
}
