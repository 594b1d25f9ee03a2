package neowit_test

import (
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// An interrupt while a key is being created must not lose it: its answer is awaited and put into the state.
func TestInterruptedApplyKeepsTheKey(t *testing.T) {
	t.Parallel()
	server := target(t)
	account := server.hand.createAccount(t, "", "interrupted")
	w := acctest.NewInstalledWorkspace(t, server.env)
	w.Write("main.tf", accountNamed("signal")+keyOf(`"`+account+`"`))
	server.box.Fault(t, map[string]any{"system": "neowit", "method": "POST", "path": "/api/service-account/v1/service-account/*/key", "kind": "delay", "delay_ms": 2500})

	if printed, err := w.ApplyUntil(server.box.UntilMade(t, "neowit", "service_accounts", 2)); err == nil {
		t.Fatalf("the apply was not interrupted:\n%s", printed)
	}
	if keys := server.box.Objects(t, "neowit", "service_account_keys"); len(keys) != 1 || w.Value(keyAddress, "key_id") != keys[0].ID {
		t.Fatalf("the server holds %v, the state %v", keys, w.Value(keyAddress, "key_id"))
	}
	id, _ := w.Value(keyAddress, "key_id").(string)
	secret, _ := w.Value(keyAddress, "secret").(string)
	if !server.accepts(t, account, id, secret) {
		t.Error("the key in state is refused")
	}
	server.box.Mend(t)
	w.MustApply()
	w.MustBeQuiet()
	w.MustDestroy()
}
