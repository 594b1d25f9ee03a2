package keycard_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

const (
	credentialsRoute = "/organizations/*/service-accounts/*/credentials"
	credentialRoute  = credentialsRoute + "/*"
)

// refuseProof has every login refused after the provider's own.
func (s server) refuseProof(t *testing.T) {
	t.Helper()
	s.fault(t, http.MethodPost, tokenRoute, "status", map[string]any{"status": http.StatusUnauthorized, "skip": 1})
}

// A new credential that does not prove to be accepted is revoked, and nothing else changes. The next run tries again.
func TestAProofThatFails(t *testing.T) {
	t.Parallel()
	server := target(t)
	k := server.keep(t, "rotating_credential.tf", "rotate", "1")
	k.MustApply()
	first := k.part("current")
	k.vary("rotate", "2", "name", "second")
	k.Plan()
	server.refuseProof(t)
	printed, err := k.Apply(k.SavedPlan())
	if err == nil || !acctest.Said(printed, "Cannot prove the next Keycard service account credential", "the system does not accept it",
		"The current one stays, and the new one is revoked. The next apply tries again") {
		t.Errorf("the rotation ended with %v:\n%s", err, printed)
	}
	server.mustHold(t, first)
	server.box.Mend(t)
	if k.part("current") != first || k.part("previous").id != "" || k.text(rotatingAddress, "name") != "ci" || !server.takes(t, first) {
		t.Error("the current credential did not stay as it was")
	}
	k.mustPlan(t, rotatingAddress, "update")
	k.MustApply(k.SavedPlan())
	k.MustBeQuiet()
	if k.part("previous").id != first.id || !server.takes(t, k.part("current")) {
		t.Error("the next run did not rotate")
	}
	k.MustDestroy()
	server.box.MustBeEmpty(t, "keycard")
}

// If it cannot be revoked either, its id is kept, and the next run revokes it. The rotation goes on with the run after that.
func TestAProofThatFailsForGood(t *testing.T) {
	t.Parallel()
	server := target(t)
	k := server.keep(t, "rotating_credential.tf", "rotate", "1")
	k.MustApply()
	first := k.part("current")
	k.vary("rotate", "2")
	k.Plan()
	server.refuseProof(t)
	server.fault(t, http.MethodDelete, credentialRoute, "status", map[string]any{"status": http.StatusForbidden})
	printed, err := k.Apply(k.SavedPlan())
	if err == nil || !acctest.Said(printed, "Cannot prove the next") || !acctest.Said(printed, "Cannot revoke the new", "403", "The next apply tries again") {
		t.Errorf("the rotation ended with %v:\n%s", err, printed)
	}
	stray := part{}
	for _, found := range server.box.Objects(t, "keycard", credentials) {
		if found.ID != first.id {
			stray.id = found.ID
		}
	}
	server.mustHold(t, first, stray)
	k.vary("rotate", "1") // nothing is asked for any more
	server.box.Mend(t)
	k.mustPlan(t, rotatingAddress, "update", "is left to be revoked", stray.id, "The plan revokes it")
	server.fault(t, http.MethodDelete, credentialRoute, "status", map[string]any{"status": http.StatusForbidden})
	if printed, err := k.Apply(k.SavedPlan()); err == nil || !acctest.Said(printed, "Cannot revoke the leftover", stray.id) {
		t.Errorf("the revocation ended with %v:\n%s", err, printed)
	}
	server.box.Mend(t)
	k.mustPlan(t, rotatingAddress, "update", "is left to be revoked", stray.id)
	k.MustApply(k.SavedPlan())
	k.MustBeQuiet()
	server.mustHold(t, first)
	if k.part("current") != first {
		t.Error("the current credential did not stay as it was")
	}
	k.MustDestroy()
	server.box.MustBeEmpty(t, "keycard")
}

// The first credential that does not prove to be accepted is in the state, and replaced.
func TestTheFirstProofFails(t *testing.T) {
	t.Parallel()
	server := target(t)
	k := server.keep(t, "rotating_credential.tf")
	k.Plan()
	server.refuseProof(t)
	printed, err := k.Apply(k.SavedPlan())
	if err == nil || !acctest.Said(printed, "Cannot prove the new Keycard service account credential", "the next apply replaces it") {
		t.Errorf("the creation ended with %v:\n%s", err, printed)
	}
	server.box.Mend(t)
	first := k.part("current")
	server.mustHold(t, first)
	k.mustPlan(t, rotatingAddress, "delete+create", "is tainted")
	k.MustApply(k.SavedPlan())
	k.MustBeQuiet()
	server.mustHold(t, k.part("current"))
	k.MustDestroy()
	server.box.MustBeEmpty(t, "keycard")
}

// A new credential that is refused for a moment, because it is not known everywhere yet, proves itself all the same.
func TestARotationThatIsSlowToBeSeen(t *testing.T) {
	t.Parallel()
	server := target(t)
	k := server.keep(t, "rotating_credential.tf", "rotate", "1")
	k.MustApply()
	server.box.MoveClock(t, time.Hour)
	k.vary("rotate", "2")
	k.Plan()
	server.set(t, "replica_lag_ms", "4000")
	server.box.ForgetRequests(t)
	k.MustApply(k.SavedPlan())
	if sent := server.box.Logins(t); sent < 4 {
		t.Errorf("after %d logins nothing was refused, so nothing was tested", sent)
	}
	k.MustBeQuiet()
	if !server.takes(t, k.part("previous")) || !server.takes(t, k.part("current")) {
		t.Error("not both are accepted")
	}
	k.MustDestroy()
	server.box.MustBeEmpty(t, "keycard")
}
