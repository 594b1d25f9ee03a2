package zenml_test

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-exec/tfexec"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

const stillUsed = "ZenML API key is still in use"

// What was used of late is not deleted. The value in the state counts.
func TestAccKeepIfUsedWithin(t *testing.T) {
	t.Parallel()
	r := clocked(t, "key.tf", map[string]any{"keep_if_used_within": "24h"})
	_, _, value := r.keyPlace()
	r.server.box.MoveClock(t, day)
	r.server.hand.useKey(t, value)
	r.server.box.MoveClock(t, day+22*time.Hour+30*time.Minute)
	r.set(t, map[string]any{"keep_if_used_within": nil})
	printed, err := r.Apply(tfexec.Replace(keyAddress))
	if err == nil || !acctest.Said(printed, stillUsed, "was last used at "+time.Now().Add(day).UTC().Format("2006-01-02T"), "ago", `keep_if_used_within is "24h"`) {
		t.Errorf("the replacement ended with %v:\n%s", err, printed)
	}
	r.mustAccept(t, true, value)
	// Nothing but what the configuration alone holds is left to do, and then it is deleted.
	r.mustTurn(t, keyAddress, "update")
	r.MustDestroy()
	r.server.box.MustBeEmpty(t, "zenml")
}

// mustTurnByReplace replaces the plain key.
func (r rotated) mustTurnByReplace(t *testing.T) {
	t.Helper()
	r.MustApply(tfexec.Replace(keyAddress))
	r.MustBeQuiet()
}

// An idle key is deleted, and one that was never used.
func TestAccKeepIfUsedWithinOfAnIdleKey(t *testing.T) {
	t.Parallel()
	r := clocked(t, "key.tf", map[string]any{"keep_if_used_within": "24h"})
	r.mustTurnByReplace(t)
	_, _, value := r.keyPlace()
	r.server.hand.useKey(t, value)
	r.server.box.MoveClock(t, 24*time.Hour+time.Minute)
	r.mustTurnByReplace(t)
	r.mustAccept(t, false, value)
	r.MustDestroy()
	r.server.box.MustBeEmpty(t, "zenml")
}

// With create_before_destroy the old key stays until it is idle; the names must differ, for they are unique.
func TestAccKeepIfUsedWithinLeavesTheOldKeyDeposed(t *testing.T) {
	t.Parallel()
	server := target(t)
	if server.real {
		t.Skip("the clock of a real server cannot be moved")
	}
	w := acctest.NewWorkspaceAt(t, server.env, server.box.Now)
	configuration := func(number string) string {
		return `
		resource "machineid_zenml_service_account" "test" { name = "deposed" }
		resource "machineid_zenml_api_key" "test" {
			service_account_id  = machineid_zenml_service_account.test.id
			name                = "ci-` + number + `"
			rotate_when_changed = { n = "` + number + `" }
			keep_if_used_within = "1d"
			lifecycle { create_before_destroy = true }
		}`
	}
	w.Write("main.tf", configuration("1"))
	w.MustApply()
	r := rotated{Workspace: w, server: server}
	_, _, first := r.keyPlace()
	server.hand.useKey(t, first)
	w.Write("main.tf", configuration("2"))
	w.ApplyMustFail(stillUsed)
	_, _, second := r.keyPlace()
	r.mustAccept(t, true, first, second) // which is a use of both
	w.ApplyMustFail(stillUsed)
	server.box.MoveClock(t, 25*time.Hour)
	w.MustApply()
	w.MustBeQuiet()
	r.mustAccept(t, false, first)
	r.mustAccept(t, true, second)
	server.box.MoveClock(t, 51*time.Hour)
	w.MustDestroy()
	server.box.MustBeEmpty(t, "zenml")
}

// A key that is in use is not rotated by age, in either order of things. Plan and errors say what to take in its place.
func TestAccKeepIfUsedWithinOfAKeyThatIsDue(t *testing.T) {
	t.Parallel()
	const instead = "is one for machineid_zenml_rotating_api_key"
	r := clocked(t, "key.tf", map[string]any{"keep_if_used_within": "24h", "rotate_after": "90d"})
	_, _, value := r.keyPlace()
	r.server.box.MoveClock(t, 91*day)
	r.server.hand.useKey(t, value)
	plan, printed, _ := r.Plan()
	if acctest.Actions(plan, keyAddress) != "delete+create" || !acctest.Said(printed, "is due for rotation", "A ZenML API key that is in use is not rotated", instead) {
		t.Errorf("the plan says:\n%s", printed)
	}
	r.applyMustFail(t, stillUsed, "names are unique", instead)
	r.Write("first_override.tf", `resource "machineid_zenml_api_key" "test" {
		lifecycle { create_before_destroy = true }
	}`)
	r.ApplyMustFail("Cannot create ZenML API key", "status 409", "take machineid_zenml_rotating_api_key")
	r.mustAccept(t, true, value) // which is a use
	r.set(t, map[string]any{"key_name": "ci-2"})
	if _, printed, _ := r.Plan(); acctest.Said(printed, "that is in use is not rotated") {
		t.Errorf("with another name it is rotated, and the plan says:\n%s", printed)
	}
	r.ApplyMustFail(stillUsed)
	r.server.box.MoveClock(t, 92*day+time.Hour)
	r.MustApply()
	r.MustBeQuiet()
	r.mustAccept(t, false, value)
	r.server.box.MoveClock(t, 94*day)
	r.MustDestroy()
}
