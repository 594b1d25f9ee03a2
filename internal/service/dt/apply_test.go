package dt_test

import (
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// An interrupt while a key is being created must not lose it: its answer is awaited and put into the state.
func TestInterruptedApplyKeepsTheKey(t *testing.T) {
	t.Parallel()
	server := target(t)
	account, email := server.hand.createAccount(t, server.project, "interrupted")
	w := acctest.NewInstalledWorkspace(t, server.env)
	w.Write("main.tf", accountIn(server.otherProject)+keyOf(account))
	server.box.Fault(t, map[string]any{"system": "dt", "method": "POST", "path": "/v2/projects/*/serviceaccounts/*/keys", "kind": "delay", "delay_ms": 2500})

	if printed, err := w.ApplyUntil(server.box.UntilMade(t, "dt", "service_accounts", 2)); err == nil {
		t.Fatalf("the apply was not interrupted:\n%s", printed)
	}
	if keys := server.box.Objects(t, "dt", "service_account_keys"); len(keys) != 1 || w.Value(keyAddress, "id") != keys[0].ID {
		t.Fatalf("the server holds %v, the state %v", keys, w.Value(keyAddress, "id"))
	}
	id, _ := w.Value(keyAddress, "id").(string)
	secret, _ := w.Value(keyAddress, "secret").(string)
	if _, accepted := server.hand.login(t, server.env["DT_TOKEN_URL"], id, secret, email); !accepted {
		t.Error("the key in state is refused")
	}
	server.box.Mend(t)
	w.MustApply()
	w.MustBeQuiet()
	w.MustDestroy()
}
