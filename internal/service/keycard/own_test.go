package keycard_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/hashicorp/terraform-exec/tfexec"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// insider is a sandbox, and a provider that has its own account and credential in its state.
type insider struct {
	server
	account, credential string
	env                 map[string]string
	workspace           *acctest.Workspace
}

func newInsider(t *testing.T) insider {
	t.Helper()
	made := insider{server: target(t)}
	made.account, made.credential, made.env = made.caller(t)
	made.env = acctest.OneByOne(made.env) // requests are counted
	made.workspace = acctest.NewWorkspace(t, made.env)
	made.workspace.Write("main.tf", made.ownAccount()+made.ownCredential(made.account, "one"))
	place := "organizations/" + made.own + "/service-accounts/" + made.account
	for address, id := range map[string]string{
		"machineid_keycard_service_account.own":            place,
		"machineid_keycard_service_account_credential.own": place + "/credentials/" + made.credential,
	} {
		made.workspace.MustImport(address, id)
	}
	made.workspace.MustApply() // rotate_when_changed comes without a request
	return made
}

func (i insider) ownAccount(lines ...string) string {
	return fmt.Sprintf("resource \"machineid_keycard_service_account\" \"own\" {\n name = \"caller\"\n%s\n}\n", joined(lines))
}

func (i insider) ownCredential(account, month string, lines ...string) string {
	return fmt.Sprintf("resource \"machineid_keycard_service_account_credential\" \"own\" {\n service_account_id = %q\n name = \"way in\"\n"+
		" rotate_when_changed = { month = %q }\n%s\n}\n", account, month, joined(lines))
}

// mustStay fails the test unless the provider's way in is as it was.
func (i insider) mustStay(t *testing.T) {
	t.Helper()
	if !i.accepts(t, i.env["KEYCARD_CLIENT_ID"], i.env["KEYCARD_CLIENT_SECRET"]) {
		t.Error("the provider's own credential is not accepted any more")
	}
}

func TestOwnWayInIsKept(t *testing.T) {
	t.Parallel()
	subject := newInsider(t)
	w := subject.workspace
	other := subject.hand.createAccount(t, "other")
	account, credential := subject.ownAccount(), subject.ownCredential(subject.account, "one")
	for name, test := range map[string]struct {
		config string
		want   []string // nothing means that it is planned
	}{
		"the credential is deleted": {account, []string{
			"Refused to delete the provider's own Keycard service account credential", subject.credential, "keycard.client_id or KEYCARD_CLIENT_ID", "another way in", "allow_self_lockout = true",
		}},
		"the credential is rotated":  {account + subject.ownCredential(subject.account, "two"), []string{"Refused to rotate the provider's own Keycard service account credential", "rotate_when_changed ="}},
		"the credential is replaced": {account + subject.ownCredential(other, "one"), []string{"Refused to replace the provider's own Keycard service account credential", "service_account_id ="}},
		"the account is deleted": {credential, []string{
			"Refused to delete the provider's own Keycard service account", subject.account, "keycard.client_id or KEYCARD_CLIENT_ID) belongs to this service account", "take its credentials along",
		}},
		"both are renamed": {subject.ownAccount("description = \"new\"") + subject.ownCredential(subject.account, "one", "description = \"new\""), nil},
	} {
		t.Log(name)
		w.Write("main.tf", test.config)
		if test.want == nil {
			w.Plan()
			continue
		}
		w.PlanMustFail(acctest.Says(test.want...))
	}
	// A replacement that no plan shows to the provider is refused by the deletion that it begins with.
	w.Write("main.tf", account+credential)
	for address, want := range map[string]string{
		"machineid_keycard_service_account.own":            "Refused to delete the provider's own Keycard service account",
		"machineid_keycard_service_account_credential.own": "Refused to delete the provider's own Keycard service account credential",
	} {
		if printed, err := w.Apply(tfexec.Replace(address), tfexec.Target(address)); err == nil || !acctest.Said(printed, want) {
			t.Errorf("replacing %s ended with %v:\n%s", address, err, printed)
		}
	}
	subject.mustStay(t)
}

func TestOwnAccountIsKeptWhereItMoves(t *testing.T) {
	t.Parallel()
	server := target(t)
	account, _, env := server.caller(t)
	w := acctest.NewWorkspace(t, newTwoOrganizations(server.own).before(t, server, env))
	w.Write("main.tf", accountNamed("caller"))
	w.MustImport(accountAddress, "organizations/acme/service-accounts/"+account)
	w.Write("main.tf", accountNamed("caller", inOrganization(otherLabel)))
	w.PlanMustFail(acctest.Says("Refused to replace the provider's own Keycard service account", "organization_id ="))
}

func TestOwnWayInIsKeptAtApply(t *testing.T) {
	t.Parallel()
	server := target(t)
	account, credential, env := server.caller(t)
	state := map[string]any{"organization_id": server.own, "id": account, "name": "caller"}
	for noun, prior := range map[string]map[string]any{
		"service_account":            state,
		"service_account_credential": {"organization_id": server.own, "service_account_id": account, "id": credential, "name": "way in", "client_id": env["KEYCARD_CLIENT_ID"]},
	} {
		errors := acctest.ApplyUnplanned(t, env, nil, "machineid_keycard_"+noun, prior, nil)
		if len(errors) != 1 || !acctest.Said(errors[0], "Refused to delete the provider's own Keycard service account") {
			t.Errorf("deleting the %s: %q", noun, errors)
		}
	}
	// If nothing tells whose credential it is, the account may be the provider's own.
	server.fault(t, http.MethodGet, "**", "status", map[string]any{"status": http.StatusBadRequest})
	errors := acctest.ApplyUnplanned(t, env, nil, "machineid_keycard_service_account", state, nil)
	if len(errors) != 1 || !acctest.Said(errors[0], "Cannot tell whether this is the provider's own Keycard service account", "status 400", "Nothing was changed", "allow_self_lockout = true") {
		t.Errorf("%q", errors)
	}
	if !server.accepts(t, env["KEYCARD_CLIENT_ID"], env["KEYCARD_CLIENT_SECRET"]) {
		t.Error("the provider's own credential is not accepted any more")
	}
}

func TestOwnWayInMayBeCutOffIfAllowed(t *testing.T) {
	t.Parallel()
	for name, keep := range map[string]func(insider) string{
		"the credential": func(i insider) string { return i.ownAccount() },
		"the account":    func(insider) string { return "" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			subject := newInsider(t)
			subject.set(t, "revoke_tokens", "off") // so that what follows the credential can be deleted too
			subject.workspace.Write("main.tf", "provider \"machineid\" { allow_self_lockout = true }\n"+keep(subject))
			subject.later(t)
			subject.box.ForgetRequests(t)
			subject.workspace.MustApply()
			if subject.accepts(t, subject.env["KEYCARD_CLIENT_ID"], subject.env["KEYCARD_CLIENT_SECRET"]) {
				t.Error("the credential is still accepted")
			}
			if lists := subject.routed(t, http.MethodGet, "/credentials", http.StatusOK); lists != 0 {
				t.Errorf("%d requests asked for what does not matter", lists)
			}
		})
	}
}

// What is not the provider's own is free. Only where an account goes has to be asked whose the credential is.
func TestWhatIsNotTheProvidersOwnIsFree(t *testing.T) {
	t.Parallel()
	server := target(t)
	account, _, env := server.caller(t)
	w := acctest.NewWorkspace(t, acctest.OneByOne(env))
	config := func(month string) string {
		return fmt.Sprintf(`
resource "machineid_keycard_service_account" "other" {
  count = 2
  name  = %q
}
resource "machineid_keycard_service_account_credential" "another" {
  service_account_id  = %q
  name                = "another"
  rotate_when_changed = { month = %q }
}
`, month, account, month)
	}
	w.Write("main.tf", config("one"))
	w.MustApply()
	w.Write("main.tf", config("two"))
	server.box.ForgetRequests(t)
	w.MustApply()
	if asked := server.routed(t, http.MethodGet, "/credentials", 0); asked != 0 {
		t.Errorf("updates and a rotation brought %d requests", asked)
	}
	w.MustDestroy(withoutRefresh)
	// For each account one at plan and one at apply, which are two processes to the provider.
	if asked := server.routed(t, http.MethodGet, "/credentials", 0); asked != 4 {
		t.Errorf("the deletion of two accounts brought %d requests, want 4", asked)
	}
	if left := server.box.Made(t, "keycard"); len(left) != 2 {
		t.Errorf("left behind: %v", left)
	}
}
