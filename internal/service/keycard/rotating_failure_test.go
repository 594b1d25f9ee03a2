package keycard_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// A run that fails in the middle loses nothing: what it has done is in the state, and the next one does the rest.
func TestARotationThatFailsInTheMiddle(t *testing.T) {
	t.Parallel()
	server := target(t)
	k := server.keep(t, "rotating_credential.tf", "rotate", "1")
	k.MustApply()
	k.vary("rotate", "2")
	k.MustApply()
	first, second := k.part("previous"), k.part("current")
	k.vary("rotate", "3")
	for _, test := range []struct {
		method, route, want string
		left                []part
	}{
		{http.MethodDelete, credentialRoute, "Cannot revoke the previous Keycard service account credential", []part{first, second}},
		{http.MethodPost, credentialsRoute, "Cannot create the next Keycard service account credential", []part{second}},
	} {
		k.Plan()
		server.fault(t, test.method, test.route, "status", map[string]any{"status": http.StatusForbidden})
		if printed, err := k.Apply(k.SavedPlan()); err == nil || !acctest.Said(printed, test.want, "403") {
			t.Errorf("the rotation ended with %v, want %q:\n%s", err, test.want, printed)
		}
		server.box.Mend(t)
		server.mustHold(t, test.left...)
		if k.part("current") != second || (k.part("previous").id != "") != (len(test.left) == 2) {
			t.Errorf("after %q the state has %s and %s", test.want, k.part("current").id, k.part("previous").id)
		}
	}
	k.MustApply()
	k.MustBeQuiet()
	server.mustHold(t, second, k.part("current"))
	k.MustDestroy()
	server.box.MustBeEmpty(t, "keycard")
}

// An account that has no room for the next credential, or a server that takes each name once, says so. Nothing is lost.
func TestNoRoomForTheNextCredential(t *testing.T) {
	t.Parallel()
	server := target(t)
	k := server.keep(t, "rotating_credential.tf", "rotate", "1")
	k.MustApply()
	first := k.part("current")
	k.vary("rotate", "2")
	server.set(t, "max_credentials", "1")
	k.ApplyMustFail("Cannot create Keycard service account credential", "at most 1 credentials")
	server.set(t, "max_credentials", "", "unique_names", "on")
	k.ApplyMustFail("Cannot create Keycard service account credential", "It may be the one that is to be rotated: change the name together with each rotation", first.id)
	server.mustHold(t, first)
	k.vary("name", "second")
	k.MustApply()
	k.MustBeQuiet()
	server.mustHold(t, first, k.part("current"))
	k.MustDestroy()
	server.box.MustBeEmpty(t, "keycard")
}

// The answer to the creation of the next credential is lost. What seems to be it is named by the next plan, and revoked by its
// apply.
func TestTheAnswerToARotationIsLost(t *testing.T) {
	t.Parallel()
	server := target(t)
	k := server.keep(t, "rotating_credential.tf", "rotate", "1")
	k.MustApply()
	first := k.part("current")
	server.box.MoveClock(t, time.Hour) // else it might be what was lost
	k.vary("rotate", "2")
	k.Plan()
	server.fault(t, http.MethodPost, credentialsRoute, "cut_after", map[string]any{"times": 1})
	printed, err := k.Apply(k.SavedPlan())
	if err == nil || !acctest.Said(printed, "Cannot create the next Keycard service account credential", "was made just then", "It was not touched", "the next apply tries again") || acctest.Said(printed, "It is in the state") {
		t.Errorf("the rotation ended with %v:\n%s", err, printed)
	}
	if k.part("current") != first {
		t.Error("the current credential did not stay as it was")
	}
	k.mustPlan(t, rotatingAddress, "update", "was found where a creation was lost")
	k.MustApply()
	k.MustBeQuiet()
	server.mustHold(t, first, k.part("current"))
	k.MustDestroy()
	server.box.MustBeEmpty(t, "keycard")
}

// What could not be revoked goes with the resource, too.
func TestALeftoverGoesWithTheResource(t *testing.T) {
	t.Parallel()
	server := target(t)
	k := server.dead(t, "rotating_credential.tf", "verify", "false", "verify_on_refresh", "true")
	first := k.part("current")
	k.mustPlan(t, rotatingAddress, "update", "is no longer accepted")
	server.fault(t, http.MethodDelete, credentialRoute, "status", map[string]any{"status": http.StatusForbidden})
	if printed, err := k.Apply(k.SavedPlan()); err == nil || !acctest.Said(printed, "Cannot revoke the refused Keycard service account credential", first.id, "The next apply tries again") {
		t.Errorf("the rotation ended with %v:\n%s", err, printed)
	}
	server.box.Mend(t)
	server.mustHold(t, first, k.part("current"))
	k.MustDestroy()
	server.box.MustBeEmpty(t, "keycard")
}

// The answer to the very first creation is lost. What can only be it is in the state, and replaced.
func TestTheAnswerToTheFirstCreationIsLost(t *testing.T) {
	t.Parallel()
	server := target(t)
	k := server.keep(t, "rotating_credential.tf")
	server.fault(t, http.MethodPost, credentialsRoute, "cut_after", map[string]any{"times": 1})
	printed := k.ApplyMustFail("Cannot create Keycard service account credential", "It is in the state without its secret")
	if acctest.Said(printed, "Cannot prove") {
		t.Errorf("a secret that nobody has was to be proven:\n%s", printed)
	}
	first := k.part("current")
	server.mustHold(t, first)
	k.MustApply()
	k.MustBeQuiet()
	server.mustHold(t, k.part("current"))
	k.MustDestroy()
	server.box.MustBeEmpty(t, "keycard")
}
