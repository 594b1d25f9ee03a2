package keycard_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

var importCommand = regexp.MustCompile(`(?m)^\W*terraform import '<address of this resource>' (\S+)$`)

// The error about a name that is taken tells how to take the object over, and that works.
func TestANameThatIsTaken(t *testing.T) {
	t.Parallel()
	server := target(t)
	server.set(t, "unique_names", "on")
	account := server.hand.createAccount(t, "taken")
	credential, _, _ := server.hand.createCredential(t, account, "ci")
	place := "organizations/acme/service-accounts/" + account
	for address, test := range map[string]struct{ config, noun, object, command string }{
		accountAddress:    {accountNamed("taken", inOrganization(ownLabel)), "service account", `Service account "taken"`, place},
		credentialAddress: {credentialOf(quoted(account), inOrganization(ownLabel)), "service account credential", `Credential "ci" of service account ` + account, place + "/credentials/" + credential},
	} {
		w := acctest.NewWorkspace(t, server.env)
		w.Write("main.tf", test.config)
		printed := w.ApplyMustFail("Cannot create Keycard "+test.noun, test.object, "status 409", "One of this name exists already", "Otherwise choose another name")
		found := importCommand.FindStringSubmatch(printed)
		if found == nil || found[1] != test.command {
			t.Errorf("the error does not tell how to import %s: %q\n%s", test.command, found, printed)
			continue
		}
		if printed, err := w.Import(address, found[1]); err != nil {
			t.Errorf("%v\n%s", err, printed)
			continue
		}
		w.MustBeQuiet()
	}
	// A rename meets it too.
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", accountNamed("free"))
	w.MustApply()
	w.Write("main.tf", accountNamed("taken"))
	w.ApplyMustFail("Cannot update Keycard service account", "status 409", "Another object is in the way")
	w.Write("main.tf", accountNamed("free"))
	w.MustBeQuiet()
	// Another conflict than a name is not taken for one.
	server.set(t, "max_credentials", "0")
	w.Write("main.tf", accountNamed("free")+credentialOf(accountAddress+".id"))
	if printed := w.ApplyMustFail("Cannot create Keycard service account credential", "status 409", "at most 0 credentials", "Something is in the way"); acctest.Said(printed, "terraform import") {
		t.Errorf("there is nothing to import:\n%s", printed)
	}
	w.MustDestroy()
}

// A 403 says who may do this, for whatever was to be done, and takes nothing out of the state.
func TestForbidden(t *testing.T) {
	t.Parallel()
	server := target(t)
	w := acctest.NewWorkspace(t, server.env)
	config := bothIn("ci", "")
	w.Write("main.tf", config)
	w.MustApply()
	id, credential := w.Value(accountAddress, "id"), w.Value(credentialAddress, "id")
	explained := func(operation string) []string {
		return []string{"Cannot " + operation, "status 403", "may be managed by admins of the organization, and by its own service accounts", "Check organization_id"}
	}
	server.set(t, "caller_role", "member")
	w.PlanMustFail(acctest.Says(explained("read Keycard service account")...))

	server.set(t, "caller_role", "viewer")
	w.MustBeQuiet() // reading is allowed
	w.Write("main.tf", strings.ReplaceAll(bothIn("renamed", "", "description = \"new\""), "account.test.id", "account.test.id # "))
	w.ApplyMustFail(explained("update Keycard service account")...)
	apart := acctest.NewWorkspace(t, server.env)
	apart.Write("main.tf", accountNamed("other")+strings.ReplaceAll(credentialOf(quoted(id.(string))), `"test"`, `"other"`))
	printed := apart.ApplyMustFail(explained("create Keycard service account")...)
	if !acctest.Said(printed, explained("create Keycard service account credential")...) {
		t.Errorf("the credential's error is not explained:\n%s", printed)
	}
	w.Write("main.tf", "")
	w.ApplyMustFail(explained("delete Keycard service account credential")...)
	if w.Value(accountAddress, "id") != id || w.Value(credentialAddress, "id") != credential {
		t.Error("something left the state")
	}
	server.set(t, "caller_role", "admin")
	w.Write("main.tf", config)
	w.MustBeQuiet()
	w.MustDestroy()
}

// An error whose body tells nothing still says what failed, and what to do.
func TestErrorsWithoutWords(t *testing.T) {
	t.Parallel()
	server := target(t)
	for _, body := range []string{"empty", "html"} {
		server.set(t, "error_body", body, "unique_names", "on")
		w := acctest.NewWorkspace(t, server.env)
		w.Write("main.tf", accountNamed("terraform"))
		printed := w.ApplyMustFail("Cannot create Keycard service account", `Service account "terraform"`, "Keycard answered with status 409 Conflict.", "Request: POST", "request id", "terraform import")
		w.Write("main.tf", credentialOf(quoted("00000000000000000000000000")))
		printed += w.ApplyMustFail("Cannot create Keycard service account credential", "status 404 Not Found.", "There is no service account 00000000000000000000000000 in this organization",
			"such as the attribute id of a machineid_keycard_service_account")
		w.Write("main.tf", bothIn("ci", ""))
		w.MustApply()
		server.hand.delete(t, w.Value(accountAddress, "id").(string))
		server.later(t)
		plan, warned, _ := w.Plan()
		if acctest.Actions(plan, accountAddress) != "create" || !acctest.Said(warned, "Keycard service account was deleted outside Terraform") || acctest.Said(warned, "Keycard says:") {
			t.Errorf("%s: the account is to leave the state with a warning:\n%s", body, warned)
		}
		if strings.Contains(printed+warned, "<h1>") {
			t.Errorf("%s: a page is shown:\n%s", body, printed)
		}
	}
	server.box.MustBeEmpty(t, "keycard")
}

// A page in place of the API's answer is an error that names the address, wherever it comes, and nothing leaves the state.
func TestAPageInPlaceOfAnAnswer(t *testing.T) {
	t.Parallel()
	server := target(t)
	w := acctest.NewWorkspace(t, acctest.OneByOne(server.env))
	w.Write("provider.tf", providerConfig(inOrganization(ownLabel)))
	const account = "/organizations/*/service-accounts/*"
	page := func(method, path string) {
		server.box.Mend(t)
		server.fault(t, method, path, "html")
	}
	page(http.MethodPost, "/organizations/*/service-accounts")
	w.Write("main.tf", bothIn("ci", ""))
	w.ApplyMustFail("Cannot create Keycard service account", "web page", "was made there just then", "the next apply replaces it")
	server.box.Mend(t)
	w.MustApply()
	page(http.MethodGet, account)
	w.PlanMustFail(acctest.Says("Cannot read Keycard service account", "with "+accountAddress+",", "web page", "Check the address in the provider configuration"))
	page(http.MethodPatch, account)
	w.Write("main.tf", bothIn("renamed", ""))
	w.ApplyMustFail("Cannot update Keycard service account", "web page", "The next plan shows what is left to do")
	server.box.Mend(t)
	if _, printed, changes := w.Plan(); changes { // it took effect
		t.Errorf("the next plan must see that nothing is left to do:\n%s", printed)
	}
	page(http.MethodDelete, account+"/credentials/*")
	w.Write("main.tf", "")
	w.ApplyMustFail("Cannot delete Keycard service account credential", "web page", "The next plan shows what is left to do")
	server.box.Mend(t)
	server.later(t)
	w.MustApply()
	server.box.MustBeEmpty(t, "keycard")
}

// A description that the server only pretends to remove is told, and stays in the state.
func TestADescriptionThatStays(t *testing.T) {
	t.Parallel()
	server := target(t)
	server.set(t, "empty_description", "refuse")
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", accountNamed("ci", "description = \"set\""))
	w.MustApply()
	w.Write("main.tf", accountNamed("ci"))
	// What the server says about "" is told, because that is what the API documents.
	w.ApplyMustFail("Cannot update Keycard service account", "status 400", "description must not be empty", "Remove the description in the Keycard console")
	if w.Value(accountAddress, "description") != "set" {
		t.Error("the state believes that the description is gone")
	}
	server.set(t, "null_description", "clear")
	// 200 with the description as it was, whatever is sent.
	stubborn := &proxy{change: func(method, _ string, _ int, object map[string]any) {
		if method == http.MethodPatch {
			object["description"] = "set"
		}
	}}
	w = acctest.NewWorkspace(t, stubborn.before(t, server, server.env))
	w.Write("main.tf", accountNamed("ci", "description = \"set\""))
	w.MustApply()
	w.Write("main.tf", accountNamed("ci"))
	w.ApplyMustFail("Cannot update Keycard service account", "accepted the removal of the description", "still has it", "Remove the description in the Keycard console")
	if w.Value(accountAddress, "description") != "set" {
		t.Error("the state believes that the description is gone")
	}
}
