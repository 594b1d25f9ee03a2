package keycard_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/hashicorp/terraform-exec/tfexec"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// rotated keeps a rotating credential that has a previous one. Both are an hour old, so that it is believed if they are gone.
func (s server) rotated(t *testing.T) (k *kept, previous, current part) {
	t.Helper()
	k = s.keep(t, "rotating_credential.tf", "rotate", "1")
	k.MustApply()
	k.vary("rotate", "2")
	k.MustApply()
	s.box.MoveClock(t, time.Hour)
	return k, k.part("previous"), k.part("current")
}

// remove deletes a credential by hand.
func (k *kept) remove(t *testing.T, one part) {
	t.Helper()
	k.hand.delete(t, k.text(accountAddress, "id")+"/credentials/"+one.id)
}

const deletedOutside = "Keycard service account credential was deleted outside Terraform"

// What somebody else deletes leaves the state with a warning, and as long as one of the two works, that is the current one.
func TestRotatingCredentialDeletedElsewhere(t *testing.T) {
	t.Parallel()
	server := target(t)
	k, first, second := server.rotated(t)
	k.remove(t, first)
	k.mustPlan(t, rotatingAddress, "no-op", "Previous "+deletedOutside, first.id)
	k.MustApply()
	k.MustBeQuiet()
	if k.part("current") != second || k.part("previous").id != "" {
		t.Errorf("the state has %s and %s", k.part("current").id, k.part("previous").id)
	}

	k.vary("rotate", "3", "name", "third")
	k.MustApply()
	server.box.MoveClock(t, 2*time.Hour)
	k.remove(t, k.part("current"))
	k.mustPlan(t, rotatingAddress, "update", deletedOutside, "The previous one, ", second.id, "is the current one again")
	k.MustApply(k.SavedPlan()) // renames it
	k.MustBeQuiet()
	if k.part("current") != second || k.part("previous").id != "" || server.held(t, credentials, second.id).Name != "third" || !server.takes(t, second) {
		t.Errorf("the state has %s and %s", k.part("current").id, k.part("previous").id)
	}
	if identity := k.identity(); identity != nil && identity["id"] != second.id {
		t.Errorf("the identity is %v", identity)
	}

	k.vary("rotate", "4")
	k.MustApply()
	server.box.MoveClock(t, 3*time.Hour)
	k.remove(t, k.part("current"))
	k.remove(t, k.part("previous"))
	k.mustPlan(t, rotatingAddress, "create", deletedOutside, "leaves the state")
	k.MustApply(k.SavedPlan())
	k.MustBeQuiet()
	server.mustHold(t, k.part("current"))

	account := k.text(accountAddress, "id")
	server.hand.delete(t, account)
	server.box.MoveClock(t, 4*time.Hour)
	k.mustPlan(t, rotatingAddress, "create", deletedOutside, k.part("current").id, "of service account "+account+", with that account, no longer exists and leaves the state")
	k.MustDestroy(withoutRefresh)
	server.box.MustBeEmpty(t, "keycard")
}

// The identity is that of the current credential, and follows it.
func TestIdentityOfARotatingCredential(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t, tfversion.Version1_12_0, "the identity of a resource")
	server := target(t)
	k := server.keep(t, "rotating_credential.tf", "rotate", "1")
	for quarter := range 3 {
		k.vary("rotate", fmt.Sprint(quarter))
		k.MustApply()
		want := map[string]any{"organization_id": server.own, "service_account_id": k.text(accountAddress, "id"), "id": k.part("current").id}
		if found := k.identity(); fmt.Sprint(found) != fmt.Sprint(want) {
			t.Errorf("the identity is %v, want %v", found, want)
		}
	}
}

// identity is that of the rotating credential in the state; nil if the CLI tells none.
func (k *kept) identity() map[string]any {
	for _, found := range k.State().Values.RootModule.Resources {
		if found.Address == rotatingAddress {
			return found.IdentityValues
		}
	}
	return nil
}

// An import makes a credential the current one. Its secret is lost, and only what is known to the configuration alone differs.
func TestImportOfARotatingCredential(t *testing.T) {
	t.Parallel()
	server := target(t)
	k := server.keep(t, "rotating_credential.tf")
	account := server.hand.createAccount(t, "ci")
	id, clientID, _ := server.hand.createCredential(t, account, "ci")
	place := "organizations/" + server.own + "/service-accounts/" + account
	k.MustImport(accountAddress, place)
	k.MustImport(rotatingAddress, place+"/credentials/"+id)
	if found := k.part("current"); found.id != id || found.clientID != clientID || found.secret != "" || found.created == "" {
		t.Errorf("imported was %v", found)
	}
	plan, printed, _ := k.Plan()
	after, _ := change(t, plan, rotatingAddress)
	if acctest.Actions(plan, rotatingAddress) != "update" || after["rotation_due_at"] == nil || acctest.At(after, "current", "id") != id {
		t.Errorf("only what is configured is to be taken up:\n%s", printed)
	}
	server.box.ForgetRequests(t)
	k.MustApply(k.SavedPlan())
	if sent := server.written(t); sent > 0 {
		t.Errorf("the apply after the import brought %d requests", sent)
	}
	k.vary("verify_on_refresh", "true")
	k.MustApply()
	k.MustBeQuiet() // there is no secret to log in with
	k.vary("verify_on_refresh", "")
	server.box.MoveClock(t, 91*day)
	k.MustApply()
	k.MustBeQuiet()
	if k.part("previous").id != id || !server.takes(t, k.part("current")) {
		t.Error("what was imported was not rotated")
	}
	k.MustDestroy()
	server.box.MustBeEmpty(t, "keycard")
}

// An organization by its label is noted by its id, so that nothing is gone, or revoked, because the label is another's now.
func TestALabelOfAnotherOrganizationOfARotatingCredential(t *testing.T) {
	t.Parallel()
	server, other := target(t), target(t)
	account := quoted(server.hand.createAccount(t, "holder"))
	k := &kept{server: server, Workspace: acctest.NewWorkspaceAt(t, server.env, server.box.Now)}
	config := func(quarter, organization string) {
		k.Write("main.tf", rotatingOf(account, inOrganization(organization), "rotate_when_changed = { "+line("quarter", quarter)+" }"))
	}
	for _, quarter := range []string{"1", "2"} {
		config(quarter, ownLabel)
		k.MustApply()
	}
	first, second := k.part("previous"), k.part("current")
	server.box.MoveClock(t, time.Hour)
	other.box.MoveClock(t, time.Hour)
	k.MustBeQuiet()
	k.Write("provider.tf", providerConfig(fmt.Sprintf("base_url = %q\nclient_id = %q\nclient_secret = %q\n",
		other.env["KEYCARD_ENDPOINT"], other.env["KEYCARD_CLIENT_ID"], other.env["KEYCARD_CLIENT_SECRET"])))
	is := `label "acme" is that of the organization ` + other.own + " here"
	k.PlanMustFail(acctest.Says("Cannot read Keycard service account credential", is, "was in "+server.own, "terraform state rm"))
	config("3", ownLabel)
	if printed, err := k.Apply(withoutRefresh); err == nil || !acctest.Said(printed, "Cannot revoke the previous Keycard service account credential", is) {
		t.Errorf("the rotation ended with %v:\n%s", err, printed)
	}
	if printed, err := k.Apply(withoutRefresh, tfexec.Destroy(true)); err == nil || !acctest.Said(printed, "Cannot delete Keycard service account credential", is) {
		t.Errorf("the destroy ended with %v:\n%s", err, printed)
	}
	k.Write("provider.tf", "")
	server.mustHold(t, first, second)
	k.MustApply()
	config("3", server.own) // another spelling
	k.MustBeQuiet()
	k.MustDestroy()
	server.mustHold(t)
}

// The credential that the provider itself logs in with is neither deleted nor replaced nor retired.
func TestOwnRotatingCredentialIsKept(t *testing.T) {
	t.Parallel()
	server := target(t)
	account, credential, env := server.caller(t)
	other := server.hand.createAccount(t, "other")
	w := acctest.NewWorkspaceAt(t, env, server.box.Now)
	k := &kept{server: server, Workspace: w}
	config := func(account, quarter string) string {
		return rotatingOf(quoted(account), "rotate_when_changed = { "+line("quarter", quarter)+" }")
	}
	w.Write("main.tf", config(account, "1"))
	w.MustImport(rotatingAddress, "organizations/"+server.own+"/service-accounts/"+account+"/credentials/"+credential)
	w.MustApply()
	w.Write("main.tf", "")
	refused := []string{"Refused to delete the provider's own Keycard service account credential", "keycard.client_id or KEYCARD_CLIENT_ID"}
	w.PlanMustFail(acctest.Says(refused...))
	w.Write("main.tf", config(other, "1"))
	w.PlanMustFail(acctest.Says("Refused to replace the provider's own Keycard service account credential", "service_account_id ="))

	// It may be followed by another, and is the previous one then.
	w.Write("main.tf", config(account, "2"))
	w.MustApply()
	w.MustBeQuiet()
	revoke := "Refused to revoke the provider's own Keycard service account credential"
	w.Write("main.tf", config(account, "3"))
	w.PlanMustFail(acctest.Says(revoke))
	w.Write("main.tf", "")
	w.PlanMustFail(acctest.Says(refused[0], "(previous: "+credential+"). One of them is the credential that the provider uses"))
	w.Write("main.tf", config(account, "2"))
	if printed, err := w.Apply(tfexec.Replace(rotatingAddress)); err == nil || !acctest.Said(printed, refused...) {
		t.Errorf("the replacement ended with %v:\n%s", err, printed)
	}
	server.box.MoveClock(t, 8*day)
	w.PlanMustFail(acctest.Says(revoke))
	if !server.accepts(t, env["KEYCARD_CLIENT_ID"], env["KEYCARD_CLIENT_SECRET"]) || !server.takes(t, k.part("current")) {
		t.Error("a credential is not accepted any more")
	}
	w.Write("provider.tf", "provider \"machineid\" {\n allow_self_lockout = true\n}\n")
	w.Plan()
}

// A refresh reads both credentials from one list, and each by itself where there is none.
func TestARefreshOfARotatingCredential(t *testing.T) {
	t.Parallel()
	server := target(t)
	k, _, _ := server.rotated(t)
	k.vary("name", "renamed") // the previous one keeps its name
	k.MustApply()
	server.box.ForgetRequests(t)
	k.MustBeQuiet()
	lists, reads := server.routed(t, http.MethodGet, "/credentials", 0), server.routed(t, http.MethodGet, "/credentials/{credential}", 0)
	if server.env["MACHINEID_BULK_REFRESH"] == "false" {
		lists, reads = reads/2, lists // each of the two by itself
	}
	if lists != 2 || reads != 0 {
		t.Errorf("two plans brought %d lists and %d reads, want 2 and none", lists, reads)
	}
}

// What may be somebody else's is not revoked as long as it cannot be read whether it is used.
func TestAFoundCredentialWhoseUseIsNotKnown(t *testing.T) {
	t.Parallel()
	server := target(t)
	k := server.keep(t, "rotating_credential.tf", "rotate", "1")
	k.MustApply()
	server.box.MoveClock(t, time.Hour)
	k.vary("rotate", "2")
	k.Plan()
	account, _ := k.Value(rotatingAddress, "service_account_id").(string)
	_, clientID, secret := server.hand.createCredential(t, account, "ci")
	server.fault(t, http.MethodPost, credentialsRoute, "cut_before", map[string]any{"times": 1})
	if printed, err := k.Apply(k.SavedPlan()); err == nil || !acctest.Said(printed, "seems to be it", "It was not touched") {
		t.Fatalf("the apply must fail, and tell what it found (%v):\n%s", err, printed)
	}
	server.box.Mend(t)
	if !server.accepts(t, clientID, secret) {
		t.Fatal("somebody else cannot log in")
	}
	k.Plan()
	server.fault(t, http.MethodGet, credentialRoute, "status", map[string]any{"status": http.StatusForbidden})
	if printed, err := k.Apply(k.SavedPlan()); err == nil || !acctest.Said(printed, "Cannot revoke the leftover Keycard service account credential") {
		t.Errorf("the apply must fail for what it cannot read (%v):\n%s", err, printed)
	}
	server.box.Mend(t)
	k.MustApply()
	k.MustBeQuiet()
	if !server.accepts(t, clientID, secret) {
		t.Error("somebody else's credential was revoked")
	}
	k.MustDestroy()
}
