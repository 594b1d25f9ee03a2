package zenml_test

import (
	"net/http"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// A saved plan does what it showed, and no more: what somebody changed after it is neither undone nor taken over.
func TestAccChangeBetweenPlanAndApply(t *testing.T) {
	t.Parallel()
	server := target(t)
	name := unique("between")
	w := acctest.NewWorkspace(t, server.env)
	configuration := func(fullName, keyName string) string {
		return `
		resource "machineid_zenml_service_account" "test" {
			name      = "` + name + `"
			full_name = "` + fullName + `"
		}
		resource "machineid_zenml_api_key" "test" {
			service_account_id = machineid_zenml_service_account.test.id
			name               = "` + keyName + `"
		}`
	}
	w.Write("main.tf", configuration("one", "one"))
	w.MustApply()
	account, _ := w.Value(accountAddress, "id").(string)
	key, _ := w.Value(keyAddress, "id").(string)

	w.Write("main.tf", configuration("two", "two"))
	w.Plan()
	server.hand.updateAccount(t, account, map[string]any{"description": "by hand"})
	server.hand.updateKey(t, account, key, map[string]any{"description": "by hand"})
	w.MustApply(w.SavedPlan())
	for object, description := range map[string]any{
		"account": acctest.At(server.hand.must(t, http.MethodGet, "/service_accounts/"+account, nil), "metadata", "description"),
		"key":     acctest.At(server.hand.must(t, http.MethodGet, "/service_accounts/"+account+"/api_keys/"+key, nil), "metadata", "description"),
	} {
		if description != "by hand" {
			t.Errorf("the %s's description became %q", object, description)
		}
	}

	plan, printed, _ := w.Plan()
	if acctest.Actions(plan, accountAddress) != "update" || acctest.Actions(plan, keyAddress) != "update" {
		t.Errorf("the next plan does not show what was changed by hand:\n%s", printed)
	}
	w.MustApply()
	w.MustBeQuiet()
	w.MustDestroy()
}

// An interrupt while a key is being created must not lose it: its answer is awaited and put into the state.
func TestInterruptedApplyKeepsTheKey(t *testing.T) {
	t.Parallel()
	box := acctest.Sandbox(t)
	env := box.Env()
	w := acctest.NewInstalledWorkspace(t, env)
	w.Write("main.tf", accountAndKey)
	box.Fault(t, map[string]any{"system": "zenml", "method": "POST", "path": "/api/v1/service_accounts/*/api_keys", "kind": "delay", "delay_ms": 2500})

	if printed, err := w.ApplyUntil(box.UntilMade(t, "zenml", "service_accounts", 1)); err == nil {
		t.Fatalf("the apply was not interrupted:\n%s", printed)
	}
	if keys := box.Objects(t, "zenml", "api_keys"); len(keys) != 1 || w.Value(keyAddress, "id") != keys[0].ID {
		t.Fatalf("the server holds %v, the state %v", keys, w.Value(keyAddress, "id"))
	}
	mustAccept(t, hand{url: env["ZENML_SERVER_URL"]}, w)
	box.Mend(t)
	w.MustApply()
	w.MustBeQuiet()
	w.MustDestroy()
}
