package keycard_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

const adopting = "provider \"machineid\" {\n adopt_existing = true\n keycard = { organization_id = \"acme\" }\n}\n"

// An account that has the name is taken over, with what is planned for it; its credentials stay.
func TestAdoptedAccount(t *testing.T) {
	t.Parallel()
	for name, lines := range map[string]string{"that is as planned": "", "that differs": "description = \"ours\""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			server.set(t, "unique_names", "on")
			id := server.hand.createAccount(t, "ci")
			_, clientID, secret := server.hand.createCredential(t, id, "theirs")
			w := acctest.NewWorkspace(t, server.env)
			w.Write("main.tf", adopting+accountNamed("ci", lines))
			if printed := w.MustApply(); !acctest.Said(printed, "Keycard service account was adopted", "ci", "If another configuration manages it too") {
				t.Errorf("nothing is told:\n%s", printed)
			}
			if w.Value(accountAddress, "id") != id || (server.held(t, accounts, id).Description == "ours") != (lines != "") {
				t.Errorf("the state has %v, and the server %+v", w.Value(accountAddress, "id"), server.held(t, accounts, id))
			}
			if !server.accepts(t, clientID, secret) {
				t.Error("its credential has ended")
			}
			w.MustBeQuiet()
			w.MustDestroy()
		})
	}
}

// A credential's secret cannot be had a second time, so none is adopted. The error says what an import brings.
func TestACredentialIsNotAdopted(t *testing.T) {
	t.Parallel()
	server := target(t)
	server.set(t, "unique_names", "on")
	account := server.hand.createAccount(t, "holder")
	id, clientID, secret := server.hand.createCredential(t, account, "ci")
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", adopting+credentialOf(quoted(account)))
	printed := w.ApplyMustFail("Cannot create Keycard service account credential", "status 409", "imported credential has no secret in state until it is replaced")
	found := importCommand.FindStringSubmatch(printed)
	if found == nil || !strings.HasSuffix(found[1], "/credentials/"+id) {
		t.Fatalf("the error does not tell how to import %s: %q", id, found)
	}
	w.MustImport(credentialAddress, found[1])
	w.MustBeQuiet()
	if w.Value(credentialAddress, "client_secret") != nil || !server.accepts(t, clientID, secret) {
		t.Error("the state has a secret, or the credential has ended")
	}
	// Once replaced, it has one.
	w.Write("main.tf", adopting+credentialOf(quoted(account), "rotate_when_changed = { since = \"1\" }"))
	w.MustApply()
	w.Write("main.tf", adopting+credentialOf(quoted(account), "rotate_when_changed = { since = \"2\" }"))
	w.MustApply()
	clientID, _ = w.Value(credentialAddress, "client_id").(string)
	secret, _ = w.Value(credentialAddress, "client_secret").(string)
	if !server.accepts(t, clientID, secret) {
		t.Error("the secret of the replacement is refused")
	}
}

// A conflict with what an own earlier attempt has made is a lost answer, and no reason to adopt. Here the list is late, so
// the creation is sent twice.
func TestAnOwnRepeatIsNotAdopted(t *testing.T) {
	t.Parallel()
	server := target(t)
	server.set(t, "unique_names", "on", "replica_lag_ms", "3500")
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", adopting+accountNamed("ci"))
	server.fault(t, "POST", "/organizations/*/service-accounts", "cut_after", map[string]any{"times": 1})
	w.ApplyMustFail("Cannot create Keycard service account", "status 409", "The answer to the creation was lost", "was made there just then")
	made := server.box.Made(t, "keycard")
	if len(made) != 1 || w.Value(accountAddress, "id") != made[0].ID || server.answered(t, http.MethodPost, http.StatusConflict) != 1 {
		t.Errorf("the server has %v, the state %v", made, w.Value(accountAddress, "id"))
	}
	if plan, printed, _ := w.Plan(); acctest.Actions(plan, accountAddress) != "delete+create" {
		t.Errorf("it is to be replaced:\n%s", printed)
	}
	w.MustApply()
	w.MustDestroy()
}
