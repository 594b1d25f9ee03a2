package zenml_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/hashicorp/terraform-exec/tfexec"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// keyPlace is where the plain key is.
func (r rotated) keyPlace() (account, id, value string) {
	account, _ = r.Value(keyAddress, "service_account_id").(string)
	id, _ = r.Value(keyAddress, "id").(string)
	value, _ = r.Value(keyAddress, "key").(string)
	return account, id, value
}

// mustSayOfKey is [rotated.mustSay] for the plain key.
func (r rotated) mustSayOfKey(t *testing.T, action string, phrases ...string) {
	t.Helper()
	plan, printed, changed := r.Plan()
	if !acctest.Said(printed, phrases...) || action == "" && changed || action != "" && acctest.Actions(plan, keyAddress) != action {
		t.Errorf("the plan must do %q and say %q:\n%s", action, phrases, printed)
	}
}

func TestAccAPIKeyVerifiedOnRefresh(t *testing.T) {
	t.Parallel()
	r := clocked(t, "key.tf", nil)
	plan := func() { r.Plan() }
	without := r.loginsOf(t, plan)
	r.set(t, map[string]any{"verify_on_refresh": true})
	r.MustApply()
	r.MustBeQuiet()
	if with := r.loginsOf(t, plan); with != without+1 {
		t.Errorf("a refresh logs in %d times, %d times without verify_on_refresh", with, without)
	}
	// A refusal right after the creation may only mean that the key is not known everywhere yet.
	r.withoutLogins(t, http.StatusUnauthorized, func() { r.mustSayOfKey(t, "") })
	r.server.box.MoveClock(t, time.Hour)
	const found = "ZenML API key is no longer accepted"
	r.withoutLogins(t, http.StatusServiceUnavailable, func() { r.mustSayOfKey(t, "", "ZenML API key could not be verified") })
	for onDrift, says := range map[string]string{"warn": "The plan keeps it as it is", "error": ""} {
		r.set(t, map[string]any{"on_drift": onDrift})
		r.MustApply()
		r.withoutLogins(t, http.StatusUnauthorized, func() {
			if says == "" {
				r.PlanMustFail(acctest.Says(found, `on_drift is "error"`))
				return
			}
			r.mustSayOfKey(t, "", found, says)
		})
	}
	r.set(t, map[string]any{"on_drift": nil})
	r.MustApply()
	_, _, before := r.keyPlace()
	r.withoutLogins(t, http.StatusUnauthorized, func() { r.mustSayOfKey(t, "delete+create", found, "The plan replaces it") })
	r.MustApply(r.SavedPlan())
	r.MustBeQuiet()
	_, _, after := r.keyPlace()
	r.mustAccept(t, false, before)
	r.mustAccept(t, true, after)
	r.MustDestroy()
}

func TestAccAPIKeyDeactivatedOnDrift(t *testing.T) {
	t.Parallel()
	r := kept(t, "key.tf", nil)
	account, id, value := r.keyPlace()
	deactivate := func() { r.server.hand.updateKey(t, account, id, map[string]any{"active": false}) }
	const found = "ZenML API key was deactivated outside Terraform"
	deactivate()
	r.mustTurn(t, keyAddress, "update", found, "The plan activates it")
	r.mustAccept(t, true, value)
	if _, printed, _ := r.Plan(tfexec.Refresh(false)); acctest.Said(printed, found) {
		t.Errorf("what was mended is told again:\n%s", printed)
	}
	r.set(t, map[string]any{"on_drift": "warn"})
	r.MustApply()
	deactivate()
	for range 2 {
		r.mustSayOfKey(t, "", found, "The plan keeps it as it is")
		r.MustApply(tfexec.RefreshOnly(true))
	}
	r.MustApply()
	r.mustAccept(t, false, value)
	r.set(t, map[string]any{"on_drift": "error"})
	r.PlanMustFail(acctest.Says(found, "active", `on_drift is "error"`))
	r.set(t, map[string]any{"on_drift": nil})
	r.mustTurn(t, keyAddress, "update", found)
	r.mustAccept(t, true, value)
	r.MustDestroy()
}

func TestAccAPIKeyRotatedElsewhereOnDrift(t *testing.T) {
	t.Parallel()
	r := kept(t, "key.tf", map[string]any{"on_drift": "warn"})
	account, id, value := r.keyPlace()
	theirs := r.server.hand.rotateKey(t, account, id, 60)
	const found = "ZenML API key was rotated outside Terraform"
	for range 2 {
		r.mustSayOfKey(t, "", found, "The plan keeps it as it is")
		r.MustApply(tfexec.RefreshOnly(true))
	}
	r.MustApply()
	r.mustAccept(t, true, value, theirs)
	r.set(t, map[string]any{"on_drift": "error"})
	r.PlanMustFail(acctest.Says(found, `on_drift is "error"`))
	r.set(t, map[string]any{"on_drift": nil})
	r.mustTurn(t, keyAddress, "delete+create", found, "The plan replaces it")
	r.mustAccept(t, false, value, theirs)
	// An error is never for the end.
	r.set(t, map[string]any{"on_drift": "error"})
	r.MustApply()
	account, id, _ = r.keyPlace()
	r.server.hand.rotateKey(t, account, id, 0)
	r.Write("main.tf", "")
	r.MustApply()
}

// A deactivated owner is named, whatever on_drift says about the key, and the key is not touched.
func TestAccAPIKeyOfADeactivatedOwnerOnDrift(t *testing.T) {
	t.Parallel()
	r := clocked(t, "key.tf", map[string]any{"verify_on_refresh": true})
	account, _, value := r.keyPlace()
	r.server.box.MoveClock(t, time.Hour)
	const found = "ZenML API key belongs to a deactivated service account"
	deactivate := func() { r.server.hand.updateAccount(t, account, map[string]any{"active": false}) }
	deactivate()
	for _, onDrift := range []any{nil, "warn"} {
		r.set(t, map[string]any{"on_drift": onDrift})
		plan, printed, _ := r.Plan()
		if action := acctest.Actions(plan, keyAddress); action == "delete+create" || !acctest.Said(printed, found, account, "The plan keeps it as it is") {
			t.Errorf("on_drift = %v: the plan does %q:\n%s", onDrift, action, printed)
		}
	}
	r.set(t, map[string]any{"on_drift": "error"})
	r.PlanMustFail(acctest.Says(found, `on_drift is "error"`, "Activate the service account"))
	r.server.hand.updateAccount(t, account, map[string]any{"active": true})
	r.MustApply()
	r.mustAccept(t, true, value)
	r.MustDestroy()
}
