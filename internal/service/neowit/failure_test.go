package neowit_test

import (
	"fmt"
	"net/http"
	"regexp"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

func accountNamed(name string) string {
	return fmt.Sprintf("resource \"machineid_neowit_service_account\" \"test\" {\n name = %q\n}\n", name)
}

// keyOf is a key of an account, which is given as an expression.
func keyOf(account string) string {
	return fmt.Sprintf("resource \"machineid_neowit_service_account_key\" \"test\" {\n service_account_id = %s\n}\n", account)
}

// accountsConfig is read at plan, and needs no more than a login.
const accountsConfig = "data \"machineid_neowit_service_accounts\" \"test\" {}\n"

var importCommand = regexp.MustCompile(`(?m)^\W*terraform import '<address of this resource>' (\S+)$`)

// The error about a name that is taken tells how to take the account over, and that works.
func TestANameThatIsTaken(t *testing.T) {
	t.Parallel()
	server := target(t)
	for _, organization := range []string{"", server.child} {
		id := server.hand.createAccount(t, organization, "taken")
		config, command := accountNamed("taken"), id
		if organization != "" {
			config, command = accountIn(organization, "taken"), organization+"/"+id
		}
		w := acctest.NewWorkspace(t, server.env)
		w.Write("main.tf", config)
		printed := w.ApplyMustFail("Cannot create Neowit service account", `Service account "taken"`, "status 409", "exists already")
		found := importCommand.FindStringSubmatch(printed)
		if found == nil || found[1] != command {
			t.Errorf("the error does not tell how to import %s: %q\n%s", command, found, printed)
			continue
		}
		if printed, err := w.Import(accountAddress, found[1]); err != nil {
			t.Errorf("%v\n%s", err, printed)
			continue
		}
		w.MustBeQuiet()
		w.MustDestroy()
	}
	// A rename meets it too.
	server.hand.createAccount(t, "", "taken")
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", accountNamed("free"))
	w.MustApply()
	w.Write("main.tf", accountNamed("taken"))
	w.ApplyMustFail("Cannot update Neowit service account", "status 409", "Another object is in the way")
	w.Write("main.tf", accountNamed("free"))
	w.MustBeQuiet()
	// Without a list, the error still tells what to do.
	server.set(t, "list", "off")
	w = acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", accountNamed("taken"))
	w.ApplyMustFail("status 409", "terraform import '<address of this resource>' '<its id>'")
}

// A 403 says who may do this, for whatever was to be done, and takes nothing out of the state.
func TestForbidden(t *testing.T) {
	t.Parallel()
	server := target(t)
	explained := []string{"status 403", "may be managed by administrators of the organization, and by its service accounts"}
	w := acctest.NewWorkspace(t, server.env)
	config := accountNamed("ci") + keyOf(accountAddress+".id")
	w.Write("main.tf", config)
	w.MustApply()
	id := w.Value(accountAddress, "id")
	apart := acctest.NewWorkspace(t, server.env) // because OpenTofu does not read a key whose account it could not read
	apart.Write("main.tf", keyOf(fmt.Sprintf("%q", id)))
	apart.MustApply()
	server.set(t, "caller_role", "member")
	w.PlanMustFail(acctest.Says(append([]string{"Cannot read Neowit service account", "with " + accountAddress + ","}, explained...)...))
	apart.PlanMustFail(acctest.Says(append([]string{"Cannot read Neowit service account key"}, explained...)...))
	if w.Value(accountAddress, "id") != id {
		t.Error("the account left the state")
	}
	server.box.Mend(t)
	other := acctest.NewWorkspace(t, server.env)
	for operation, config := range map[string]string{
		"create Neowit service account":     accountNamed("other"),
		"create Neowit service account key": keyOf(fmt.Sprintf("%q", id)),
		"list Neowit service accounts":      accountsConfig,
	} {
		other.Write("main.tf", config)
		other.ApplyMustFail(append([]string{"Cannot " + operation}, explained...)...)
	}
	server.set(t, "caller_role", "admin")
	w.MustBeQuiet()
	apart.MustBeQuiet()

	forbid := func(method string) {
		server.box.Mend(t)
		server.box.Fault(t, map[string]any{"system": "neowit", "method": method, "kind": "status", "status": http.StatusForbidden})
	}
	forbid(http.MethodPatch)
	w.Write("main.tf", accountNamed("renamed")+keyOf(accountAddress+".id"))
	w.ApplyMustFail(append([]string{"Cannot update Neowit service account"}, explained...)...)
	forbid(http.MethodDelete)
	w.Write("main.tf", "")
	w.ApplyMustFail(append([]string{"Cannot delete Neowit service account"}, explained...)...)
	server.box.Mend(t)
	w.Write("main.tf", config)
	w.MustBeQuiet()
	w.MustDestroy()
}

// A page in place of the API's answer is an error that names the address, wherever it comes, and nothing leaves the state.
func TestAPageInPlaceOfAnAnswer(t *testing.T) {
	t.Parallel()
	server := target(t)
	w := acctest.NewWorkspace(t, acctest.OneByOne(server.env))
	w.Write("provider.tf", "provider \"machineid\" { max_retries = 0 }\n")
	config := accountNamed("ci") + keyOf(accountAddress+".id")
	page := func(method, path string) {
		server.box.Mend(t)
		server.box.Fault(t, map[string]any{"system": "neowit", "method": method, "path": path, "kind": "html"})
	}
	const accounts = "/api/service-account/v1/service-account"
	w.Write("main.tf", config)
	page(http.MethodPost, accounts)
	w.ApplyMustFail("Cannot create Neowit service account", "web page", "was made there just then", "the next apply replaces it")
	server.box.Mend(t)
	w.MustApply()
	for _, path := range []string{accounts + "/*", "**"} {
		page(http.MethodGet, path)
		w.PlanMustFail(acctest.Says("Cannot read Neowit service account", "with "+accountAddress+",", "web page", "Check the address in the provider configuration"))
	}
	page(http.MethodPatch, accounts+"/*")
	w.Write("main.tf", accountNamed("renamed")+keyOf(accountAddress+".id"))
	w.ApplyMustFail("Cannot update Neowit service account", "web page", "The next plan shows what is left to do")
	server.box.Mend(t)
	if _, printed, changes := w.Plan(); changes { // it took effect
		t.Errorf("the next plan must see that nothing is left to do:\n%s", printed)
	}
	page(http.MethodDelete, accounts+"/*/key/*")
	w.Write("main.tf", "")
	w.ApplyMustFail("Cannot delete Neowit service account key", "web page", "The next plan shows what is left to do")
	server.box.Mend(t)
	w.MustApply()
	server.box.MustBeEmpty(t, "neowit")
}

// A server that takes a change and does not carry it out is found out.
func TestAChangeThatIsNotCarriedOut(t *testing.T) {
	t.Parallel()
	server := target(t)
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", accountNamed("ci"))
	w.MustApply()
	w.Write("main.tf", accountNamed("renamed"))
	// 200 with nothing in it, and nothing done.
	server.box.Fault(t, map[string]any{"system": "neowit", "method": http.MethodPatch, "kind": "status", "status": http.StatusOK})
	w.ApplyMustFail("Cannot update Neowit service account", `a read shows name "ci"`, `in place of "renamed"`, "Change it in the Neowit app")
	if w.Value(accountAddress, "name") != "ci" {
		t.Error("the state believes that the account was renamed")
	}
	server.box.Mend(t)
	w.MustApply()
	w.MustBeQuiet()
	w.MustDestroy()
}
