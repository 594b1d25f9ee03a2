package keycard_test

import (
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// use logs in with the credential under test.
func (k *kept) use(t *testing.T) {
	t.Helper()
	if !k.accepts(t, k.text(credentialAddress, "client_id"), k.text(credentialAddress, "client_secret")) {
		t.Error("the credential is refused")
	}
}

// A credential that was used of late is not deleted: the run says when it was used.
func TestWhatIsInUseIsKept(t *testing.T) {
	t.Parallel()
	server := target(t)
	k := server.keep(t, "credential.tf", "keep_if_used_within", "24h")
	k.MustApply()
	k.MustBeQuiet()
	id := k.text(credentialAddress, "id")
	server.box.MoveClock(t, 5*day)
	k.use(t)
	used := server.box.Now().UTC().Format("2006-01-02T")
	server.box.MoveClock(t, 5*day+10*time.Hour+30*time.Second)
	for range 2 {
		k.vary("keep_if_used_within", "1h") // does not count before it was applied
		k.Write("main.tf", accountNamed("ci"))
		k.mustPlan(t, credentialAddress, "delete")
		printed, err := k.Apply(k.SavedPlan())
		if err == nil || !acctest.Said(printed, "Keycard service account credential is still in use", "("+id+")", "was last used at "+used, "10h0m",
			`keep_if_used_within is "24h"`, "It was not deleted", "create_before_destroy", "take keep_if_used_within away and apply that first") {
			t.Errorf("the deletion ended with %v:\n%s", err, printed)
		}
	}
	if k.text(credentialAddress, "id") != id || server.held(t, credentials, id).ID == "" {
		t.Error("the credential is gone")
	}
	server.box.MoveClock(t, 6*day+time.Minute)
	k.MustApply()
	k.MustDestroy()
	server.box.MustBeEmpty(t, "keycard")
}

// One that was never used is free, and so is one that is gone.
func TestWhatIsNotInUseIsFree(t *testing.T) {
	t.Parallel()
	server := target(t)
	k := server.keep(t, "credential.tf", "keep_if_used_within", "24h")
	k.MustApply()
	k.vary("rotate", "1")
	k.MustApply()
	k.vary("rotate", "2")
	k.MustApply()
	k.use(t)
	k.vary("keep_if_used_within", "")
	server.box.ForgetRequests(t)
	k.MustApply()
	if sent := server.written(t); sent > 0 {
		t.Errorf("the setting brought %d requests", sent)
	}
	k.vary("keep_if_used_within", "24h")
	k.MustApply()
	server.hand.delete(t, k.text(accountAddress, "id")+"/credentials/"+k.text(credentialAddress, "id"))
	server.box.MoveClock(t, time.Hour)
	k.MustDestroy(withoutRefresh)
	server.box.MustBeEmpty(t, "keycard")
}

// A rotation with create_before_destroy leaves the old credential deposed, and each apply tries again until it is idle.
func TestARotationWaitsForTheIdleCredential(t *testing.T) {
	t.Parallel()
	server := target(t)
	w := acctest.NewWorkspaceAt(t, server.env, server.box.Now)
	k := &kept{server: server, Workspace: w}
	config := func(quarter string) {
		w.Write("main.tf", accountNamed("ci")+credentialOf(accountAddress+".id", line("keep_if_used_within", "24h"), "rotate_when_changed = { "+line("quarter", quarter)+" }",
			"lifecycle {\n create_before_destroy = true\n }"))
	}
	config("1")
	w.MustApply()
	first := k.text(credentialAddress, "id")
	k.use(t)
	config("2")
	w.ApplyMustFail("is still in use", "("+first+")")
	second := k.text(credentialAddress, "id")
	k.use(t) // the new one: its use is none of the old one
	server.box.MoveClock(t, 23*time.Hour+30*time.Second)
	w.ApplyMustFail("is still in use", "("+first+")", "23h0m")
	if second == first || server.held(t, credentials, first).ID == "" || k.text(credentialAddress, "id") != second {
		t.Error("the old credential is not kept beside the new one")
	}
	server.box.MoveClock(t, 25*time.Hour)
	w.MustApply()
	w.MustBeQuiet()
	if server.held(t, credentials, first).ID != "" || k.text(credentialAddress, "id") != second {
		t.Error("the old credential is still there, or the new one is not")
	}
	server.box.MoveClock(t, 50*time.Hour)
	w.MustDestroy()
	server.box.MustBeEmpty(t, "keycard")
}
