package neowit_test

import (
	"fmt"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// accountIn is an account of an organization, given as its id.
func accountIn(organization, name string) string {
	return fmt.Sprintf("resource \"machineid_neowit_service_account\" \"test\" {\n org_id = %q\n name = %q\n}\n", organization, name)
}

// keyIn is a key of an account, which is given as an expression.
func keyIn(organization, account string) string {
	return fmt.Sprintf("resource \"machineid_neowit_service_account_key\" \"test\" {\n org_id = %q\n service_account_id = %s\n}\n", organization, account)
}

// The provider's org_id concerns new objects only; the state remembers where those are that exist.
func TestTheDefaultOrganization(t *testing.T) {
	t.Parallel()
	server := target(t)
	w := acctest.NewWorkspace(t, acctest.With(server.env, "NEOWIT_ORG_ID", server.foreign))
	inDefault := func(organization string) { w.Write("provider.tf", providerConfig(line("org_id", organization))) }
	const both = `
resource "machineid_neowit_service_account" "test" { name = "ci" }
resource "machineid_neowit_service_account_key" "test" { service_account_id = machineid_neowit_service_account.test.id }
`
	inDefault(server.child)
	w.Write("main.tf", both)
	if plan, printed, _ := w.Plan(); plan.ResourceChanges[0].Change.After.(map[string]any)["org_id"] != server.child {
		t.Errorf("the plan does not show the organization:\n%s", printed)
	}
	w.MustApply()
	w.MustBeQuiet()
	id := w.Value(accountAddress, "id").(string)
	if found := server.account(t, id); found.Parent != server.child || w.Value(accountAddress, "org_id") != server.child || w.Value(keyAddress, "org_id") != server.child {
		t.Errorf("the account is %+v", found)
	}

	inDefault(server.own)
	w.MustBeQuiet()
	w.Write("more.tf", "resource \"machineid_neowit_service_account\" \"more\" { name = \"more\" }\n")
	w.MustApply()
	w.MustBeQuiet()
	more := w.Value("machineid_neowit_service_account.more", "id").(string)
	if w.Value(accountAddress, "id") != id || server.account(t, more).Parent != server.own {
		t.Errorf("the new account is %+v", server.account(t, more))
	}
	// Not even without any default.
	w.Write("provider.tf", "")
	w.Write("more.tf", "")
	w = acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", accountIn(server.child, "ci"))
	w.MustImport(accountAddress, server.child+"/"+id)
	w.Write("main.tf", accountNamed("ci"))
	w.MustBeQuiet()
}

func TestTheEnvironmentsOrganization(t *testing.T) {
	t.Parallel()
	server := target(t)
	w := acctest.NewWorkspace(t, acctest.With(server.env, "NEOWIT_ORG_ID", server.child))
	w.Write("main.tf", accountNamed("ci")+"resource \"machineid_neowit_service_account\" \"other\" {\n name = \"ci\"\n org_id = \""+server.own+"\"\n}\n")
	w.MustApply()
	w.MustBeQuiet()
	id, other := w.Value(accountAddress, "id").(string), w.Value("machineid_neowit_service_account.other", "id").(string)
	if server.account(t, id).Parent != server.child || server.account(t, other).Parent != server.own {
		t.Error("an org_id of the resource comes first, then that of the environment")
	}
	w.MustDestroy()
}

// Another organization is another object.
func TestAnotherOrganizationReplaces(t *testing.T) {
	t.Parallel()
	server := target(t)
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", accountIn(server.own, "ci")+keyIn(server.own, accountAddress+".id"))
	w.MustApply()
	w.MustBeQuiet()
	id, key, secret := w.Value(accountAddress, "id").(string), w.Value(keyAddress, "key_id"), w.Value(keyAddress, "secret")
	w.Write("main.tf", accountIn(server.child, "ci")+keyIn(server.child, accountAddress+".id"))
	plan, printed, _ := w.Plan()
	if acctest.Actions(plan, accountAddress) != "delete+create" || acctest.Actions(plan, keyAddress) != "delete+create" || !acctest.Said(printed, "forces replacement") {
		t.Errorf("both are to be replaced:\n%s", printed)
	}
	w.MustApply()
	w.MustBeQuiet()
	moved := w.Value(accountAddress, "id").(string)
	if moved == id || server.account(t, moved).Parent != server.child || server.account(t, id).ID != "" || w.Value(keyAddress, "key_id") == key || w.Value(keyAddress, "secret") == secret {
		t.Error("account and key were not made anew in the other organization")
	}
	w.MustDestroy()
	server.box.MustBeEmpty(t, "neowit")
}

// Where the state has no organization, naming one only proves that the object is there.
func TestAnOrganizationThatComes(t *testing.T) {
	t.Parallel()
	server := target(t)
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", accountNamed("ci")+keyOf(accountAddress+".id"))
	w.MustApply()
	id, key := w.Value(accountAddress, "id").(string), w.Value(keyAddress, "key_id")

	// Both are there, but not in this organization. Nothing is changed before that is known.
	for _, config := range []string{accountIn(server.child, "ci") + keyOf(accountAddress+".id"), accountIn(server.child, "renamed") + keyOf(accountAddress+".id")} {
		w.Write("main.tf", config)
		w.ApplyMustFail("Cannot update Neowit service account", id, `is not in the organization "`+server.child+`" that org_id now names`, "Remove org_id, or set the organization that it is in")
	}
	w.Write("main.tf", accountNamed("ci")+keyIn(server.child, accountAddress+".id"))
	w.ApplyMustFail("Cannot update Neowit service account key", `is not in the organization "`+server.child+`"`)
	if server.account(t, id).Name != "ci" || w.Value(accountAddress, "org_id") != nil || w.Value(keyAddress, "org_id") != nil {
		t.Error("something was changed")
	}

	w.Write("main.tf", accountIn(server.own, "renamed")+keyIn(server.own, accountAddress+".id"))
	plan, printed, _ := w.Plan()
	if acctest.Actions(plan, accountAddress) != "update" || acctest.Actions(plan, keyAddress) != "update" {
		t.Errorf("nothing is to be replaced:\n%s", printed)
	}
	w.MustApply()
	w.MustBeQuiet()
	if w.Value(accountAddress, "org_id") != server.own || w.Value(keyAddress, "org_id") != server.own || w.Value(accountAddress, "id") != id || w.Value(keyAddress, "key_id") != key {
		t.Error("the objects are not the same, or their organization is not remembered")
	}
	// What the configuration does not say any more stays as it is.
	w.Write("main.tf", accountNamed("renamed")+keyOf(accountAddress+".id"))
	w.MustBeQuiet()
	w.MustDestroy()
}

// A 403 says who may do this, whatever was tried.
func TestAForeignOrganization(t *testing.T) {
	t.Parallel()
	server := target(t)
	explained := []string{"status 403", "administrators of the organization", "its own organization and the children of that", "check org_id"}
	for _, organization := range []string{server.foreign, "0000000000000000000000"} {
		w := acctest.NewWorkspace(t, server.env)
		w.Write("main.tf", accountIn(organization, "ci"))
		w.ApplyMustFail(append([]string{"Cannot create Neowit service account"}, explained...)...)
		w.Write("main.tf", keyIn(organization, `"`+server.env["NEOWIT_SERVICE_ACCOUNT_ID"]+`"`))
		w.ApplyMustFail(append([]string{"Cannot create Neowit service account key"}, explained...)...)
		w.Write("main.tf", fmt.Sprintf("data \"machineid_neowit_service_accounts\" \"test\" { org_id = %q }\n", organization))
		w.ApplyMustFail(append([]string{"Cannot list Neowit service accounts"}, explained...)...)
	}
	if left := server.box.Made(t, "neowit"); len(left) > 0 {
		t.Errorf("something was made: %v", left)
	}
}

// A key that is rotated must not be led astray by a default that was changed: the old one would be gone, and the new one
// refused.
func TestAKeyRotatesWhereItIs(t *testing.T) {
	t.Parallel()
	server := target(t)
	account := server.hand.createAccount(t, server.child, "ci")
	w := acctest.NewWorkspace(t, server.env)
	write := func(organization, lines, quarter string) {
		w.Write("provider.tf", providerConfig(organization))
		w.Write("main.tf", fmt.Sprintf("resource \"machineid_neowit_service_account_key\" \"test\" {\n service_account_id = %q\n rotate_when_changed = { quarter = %q }\n%s\n}\n", account, quarter, lines))
	}
	toChild := line("org_id", server.child)
	write(toChild, "", "1")
	w.MustApply()
	key := w.Value(keyAddress, "key_id")
	write(line("org_id", server.own), "", "2")
	w.PlanMustFail(acctest.Says("Cannot replace Neowit service account key", "made in the organization "+server.child, "leads new keys to the organization "+server.own, "Set org_id of this key"))
	write("", "", "2")
	w.PlanMustFail(acctest.Says("Cannot replace Neowit service account key", "leads new keys to the caller's own organization"))
	if len(server.box.Made(t, "neowit")) != 2 || w.Value(keyAddress, "key_id") != key {
		t.Error("the old key is gone")
	}
	write("", toChild, "2")
	w.MustApply()
	w.MustBeQuiet()
	if w.Value(keyAddress, "key_id") == key || w.Value(keyAddress, "org_id") != server.child {
		t.Errorf("the key is in the organization %v", w.Value(keyAddress, "org_id"))
	}
	w.MustDestroy()
}
