package keycard_test

import (
	"fmt"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// Ages are counted in whole days by the server's clock, and what was never used counts from its creation.
func TestAgesAreThoseOfTheServersClock(t *testing.T) {
	t.Parallel()
	server := target(t)
	hours := func(count int) {
		t.Helper()
		server.box.Set(t, "clock", map[string]string{"offset": fmt.Sprintf("%dh", count)})
	}
	account := server.hand.createAccount(t, "old")
	_, clientID, secret := server.hand.createCredential(t, account, "used")
	hours(3 * 24)
	if !server.accepts(t, clientID, secret) {
		t.Fatal("the login fails")
	}
	hours(5 * 24)
	server.hand.createCredential(t, account, "unused")
	hours(10*24 + 23) // no eleventh day yet
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", fmt.Sprintf(`
data "machineid_keycard_service_account" "test" { id = %[1]q }
data "machineid_keycard_service_accounts" "test" {}
data "machineid_keycard_service_account_credentials" "test" { service_account_id = %[1]q }
output "ages" {
  value = jsonencode({
    account = data.machineid_keycard_service_account.test.age_days
    listed  = [for a in data.machineid_keycard_service_accounts.test.service_accounts : a.age_days if a.name == "old"]
    keys    = { for c in data.machineid_keycard_service_account_credentials.test.credentials : c.name => [c.age_days, c.unused_days] }
  })
}
`, account))
	w.MustApply()
	if got, want := w.Output("ages"), `{"account":10,"keys":{"unused":[5,5],"used":[10,7]},"listed":[10]}`; got != want {
		t.Errorf("the ages are %s, want %s", got, want)
	}
	w.MustBeQuiet()
}
