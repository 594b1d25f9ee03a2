package zenml_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-exec/tfexec"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// A proof that fails undoes nothing: the server has rotated in place. The run fails, the new value is current and the old one
// lives to the end of its time.
func TestAccRotatingKeyFailedProof(t *testing.T) {
	t.Parallel()
	r := clocked(t, "rotating_key.tf", nil)
	box := r.server.box
	first := text(r.held("current"), "secret")
	box.MoveClock(t, 91*day)
	r.Plan()
	r.withoutLogins(t, http.StatusUnauthorized, func() {
		r.applyMustFail(t, "Cannot prove the next ZenML API key", "the new value is the current one", "accepted until")
	})
	current := text(r.held("current"), "secret")
	if current == first || text(r.held("previous"), "secret") != first {
		t.Error("the new value is not the current one, or the old one not the previous")
	}
	r.mustAccept(t, true, first, current)
	r.MustBeQuiet()
	r.MustDestroy()
}

// A key that does not prove to be accepted when it is made is replaced. Without verify no login is sent.
func TestAccRotatingKeyFailedFirstProof(t *testing.T) {
	t.Parallel()
	r := clocked(t, "rotating_key.tf", map[string]any{"verify": false})
	box := r.server.box
	box.MoveClock(t, 91*day)
	r.Plan()
	if logins := r.loginsOf(t, func() { r.MustApply(r.SavedPlan()) }); logins != 1 {
		t.Errorf("%d logins in spite of verify = false, want the provider's own", logins)
	}
	r.set(t, map[string]any{"verify": nil})
	r.MustApply()
	r.Taint(rotatingAddress)
	r.Plan()
	r.withoutLogins(t, http.StatusUnauthorized, func() {
		r.applyMustFail(t, "Cannot prove the new ZenML API key", "It is in the state, and the next apply replaces it")
	})
	r.mustTurn(t, rotatingAddress, "delete+create")
	r.mustAccept(t, true, text(r.held("current"), "secret"))
	r.MustDestroy()
}

// A rotation that never took effect is told as such, and tried again.
func TestAccRotatingKeyRotationThatNeverWas(t *testing.T) {
	t.Parallel()
	r := clocked(t, "rotating_key.tf", map[string]any{"rotate": map[string]string{"n": "1"}})
	never := map[string]any{"system": "zenml", "method": http.MethodPut, "path": rotatePath, "kind": "cut_before", "times": 1}
	first := text(r.held("current"), "secret")
	r.server.box.MoveClock(t, 91*day)
	r.server.box.Fault(t, never)
	r.ApplyMustFail("Cannot rotate ZenML API key", "no rotation was found", "tries again")
	r.mustTurn(t, rotatingAddress, "update", "is due for rotation")
	r.mustAccept(t, true, first, text(r.held("current"), "secret"))

	// A refresh that finds nothing takes back the note: what somebody else does after that is theirs.
	r.set(t, map[string]any{"on_drift": "error"})
	r.MustApply()
	r.server.box.Fault(t, never)
	r.set(t, map[string]any{"rotate": map[string]string{"n": "2"}})
	r.ApplyMustFail("no rotation was found")
	r.MustApply(tfexec.RefreshOnly(true))
	account, id := r.place()
	r.server.hand.rotateKey(t, account, id, 60)
	r.set(t, map[string]any{"rotate": map[string]string{"n": "1"}})
	r.PlanMustFail(acctest.Says("was rotated outside Terraform", `on_drift is "error"`))
	r.mustEnd(t)
}

// What somebody rotated after the plan was made is not rotated again: that would end what the plan said is kept.
func TestAccRotatingKeyRotatedBetweenPlanAndApply(t *testing.T) {
	t.Parallel()
	r := kept(t, "rotating_key.tf", map[string]any{"rotate": map[string]string{"n": "1"}})
	account, id := r.place()
	value := text(r.held("current"), "secret")
	r.set(t, map[string]any{"rotate": map[string]string{"n": "2"}})
	r.Plan()
	theirs := r.server.hand.rotateKey(t, account, id, 60)
	r.applyMustFail(t, "Cannot rotate ZenML API key", "after the plan was made", "Nothing was changed")
	r.mustAccept(t, true, value, theirs)
	r.mustTurn(t, rotatingAddress, "update", "was rotated outside Terraform", "makes a second key")
	r.mustAccept(t, true, value, theirs, text(r.held("current"), "secret"))
	r.MustDestroy()
}

// Each failure in the middle of an update leaves what was done in the state, and the next apply does the rest.
func TestAccRotatingKeyFailsInTheMiddle(t *testing.T) {
	t.Parallel()
	r := clocked(t, "rotating_key.tf", map[string]any{"rotate": map[string]string{"n": "0"}})
	r.set(t, map[string]any{"rotate": map[string]string{"n": "1"}})
	r.mustTurn(t, rotatingAddress, "update")
	box := r.server.box
	account, id := r.place()
	refuse := func(path string) {
		box.Fault(t, map[string]any{"system": "zenml", "method": http.MethodPut, "path": path, "kind": "status", "status": http.StatusForbidden, "times": 1})
	}
	const keyPath = "/api/v1/service_accounts/*/api_keys/{id}"
	refuse(keyPath)
	r.set(t, map[string]any{"key_name": "renamed", "rotate": map[string]string{"n": "2"}})
	r.ApplyMustFail("Cannot update ZenML API key", "status 403")
	refuse(rotatePath)
	r.ApplyMustFail("Cannot rotate ZenML API key", "status 403")
	if r.Value(rotatingAddress, "name") != "renamed" {
		t.Error("the new name is not in the state")
	}
	refuse(rotatePath)
	first, previous := text(r.held("current"), "secret"), text(r.held("previous"), "secret")
	r.ApplyMustFail("Cannot rotate ZenML API key", "status 403")
	if text(r.held("previous"), "secret") != previous {
		t.Error("the previous value was dropped, although it is accepted")
	}
	r.mustAccept(t, true, first, previous)
	r.server.hand.updateKey(t, account, id, map[string]any{"active": false})
	refuse(keyPath)
	r.ApplyMustFail("Cannot activate ZenML API key", "status 403")
	second := text(r.held("current"), "secret")
	r.mustTurn(t, rotatingAddress, "update", "was deactivated outside Terraform")
	if text(r.held("current"), "secret") != second {
		t.Error("the key was rotated again")
	}
	r.mustAccept(t, true, second)
	r.MustDestroy()
}

// What the provider logs in with is not rotated in place, nor deleted.
func TestAccRotatingKeyOfTheProviderItself(t *testing.T) {
	t.Parallel()
	subject := newInsider(t)
	w := acctest.NewWorkspaceAt(t, subject.env, subject.box.Now)
	configuration := func(more string) string {
		return strings.ReplaceAll(subject.ownKey("overlap = \"1d\"\n"+more), "machineid_zenml_api_key", "machineid_zenml_rotating_api_key")
	}
	w.Write("main.tf", configuration("rotate_after = \"90d\""))
	const address = "machineid_zenml_rotating_api_key.own"
	w.MustImport(address, subject.account+"/"+subject.key)
	w.MustApply()
	w.Write("main.tf", configuration("rotate_when_changed = { month = \"two\" }"))
	w.PlanMustFail(acctest.Says("Refused to change the value of the provider's own ZenML API key"))
	w.Write("main.tf", "# nothing")
	w.PlanMustFail(acctest.Says("Refused to delete the provider's own ZenML API key"))
	w.Write("main.tf", configuration("rotate_after = \"90d\""))
	subject.box.MoveClock(t, 91*day+time.Hour)
	w.PlanMustFail(acctest.Says("Refused to change the value of the provider's own ZenML API key"))
	subject.mustWork(t)
}

// A new value that fails its proof because the account is deactivated is no reason for another rotation, which would refuse
// whoever has the value before.
func TestAccRotatingKeyFailedProofOfADeactivatedOwner(t *testing.T) {
	t.Parallel()
	r := kept(t, "rotating_key.tf", map[string]any{"rotate": map[string]string{"n": "1"}})
	account, _ := r.place()
	first := text(r.held("current"), "secret")
	r.set(t, map[string]any{"rotate": map[string]string{"n": "2"}})
	r.Plan()
	r.server.hand.updateAccount(t, account, map[string]any{"active": false})
	r.applyMustFail(t, "Cannot prove the next ZenML API key", "is deactivated", "Activate it")
	r.server.hand.updateAccount(t, account, map[string]any{"active": true})
	r.MustBeQuiet()
	r.mustAccept(t, true, first, text(r.held("current"), "secret"))
	r.MustDestroy()
}
