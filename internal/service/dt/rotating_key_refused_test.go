package dt_test

import (
	"net/http"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// has tells whether the system has a key.
func (a aging) has(id string) bool {
	_, has := a.box.Names(a.t, "dt", "service_account_keys")[id]
	return has
}

// The previous key is not revoked at its end as long as the current one is refused: it may be the only one that works.
func TestAccThePreviousKeyOutlivesARefusedOne(t *testing.T) {
	t.Parallel()
	a := target(t).aging(t, "rotating_key.tf", map[string]string{"verify_on_refresh": "true", "on_drift": "warn"})
	a.settle()
	a.at(91 * day)
	a.settle()
	current, previous := a.both()
	a.at(99 * day)
	a.only(current.id, refused)
	if _, printed, changed := a.Plan(); changed || !acctest.Said(printed, "The plan keeps it as it is", "is kept", "the only one that works") {
		t.Errorf("the plan changes something (%t), or does not tell why it does not:\n%s", changed, printed)
	}
	a.MustApply(a.SavedPlan())
	if !a.has(previous.id) {
		t.Fatal("the previous key was revoked")
	}

	// Nor is it for a next one that cannot be made.
	a.set("on_drift", "repair")
	a.box.Fault(t, map[string]any{"system": "dt", "method": http.MethodPost, "path": keysPath, "kind": "status", "status": http.StatusServiceUnavailable})
	a.ApplyMustFail("Cannot create the next DT service account key")
	if !a.has(previous.id) {
		t.Error("the previous key was revoked before the next one was made")
	}
	a.box.Mend(t)
	a.only(current.id, refused)
	a.MustApply()
	a.every(passed)
	a.MustApply()
	a.MustBeQuiet()
	if next, none := a.both(); next.id == current.id || none.id != "" || a.has(previous.id) || a.has(current.id) {
		t.Errorf("current is %s, previous %s", next.id, none.id)
	}
	a.MustDestroy()
}

// A destroy that fails in the middle takes nobody else for who did the first half.
func TestAccADestroyOfTwoKeysFailsInTheMiddle(t *testing.T) {
	t.Parallel()
	a := target(t).aging(t, "rotating_key.tf", map[string]string{})
	a.settle()
	a.at(91 * day)
	a.settle()
	current, previous := a.both()
	a.at(92 * day)
	a.box.Fault(t, map[string]any{"system": "dt", "method": http.MethodDelete, "path": keysPath + "/" + current.id, "kind": "status", "status": http.StatusInternalServerError})
	a.Write("main.tf", accountIn(a.project))
	a.ApplyMustFail("Cannot delete DT service account key")
	a.box.Mend(t)
	if _, none := a.both(); none.id != "" || a.has(previous.id) {
		t.Errorf("the previous key is in the state (%q), or in the system", none.id)
	}
	if _, printed, _ := a.Plan(); acctest.Said(printed, "was deleted outside Terraform") {
		t.Errorf("somebody else is said to have deleted it:\n%s", printed)
	}
	a.MustApply(a.SavedPlan())
	a.MustBeQuiet()
	a.MustDestroy()
}

// What is abandoned leaves alone what was only found, and the plan says so.
func TestAccAnAbandonedKeyLeavesWhatWasFound(t *testing.T) {
	t.Parallel()
	a := target(t).aging(t, "rotating_key.tf", map[string]string{})
	_, found := a.loseNext(map[string]any{"kind": "cut_after"})
	a.Write("main.tf", "variable \"project\" {\n type = string\n}\nprovider \"machineid\" {\n deletion_policy = \"abandon\"\n}\n"+accountIn("${var.project}"))
	if _, printed, _ := a.Plan(); !acctest.Said(printed, found.id, "It is left alone") {
		t.Errorf("the plan does not tell that it leaves alone what was found:\n%s", printed)
	}
	a.MustApply(a.SavedPlan())
	if !a.has(found.id) {
		t.Error("what was found was revoked")
	}
}
