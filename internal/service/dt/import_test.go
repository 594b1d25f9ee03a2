package dt_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// Whatever spelling a configuration has, an import is followed by an empty plan.
func TestAccImportInEverySpelling(t *testing.T) {
	t.Parallel()
	server := target(t)
	account, email := server.hand.createAccount(t, server.project, "imported")
	const invited = "Grace.Hopper@example.com"
	key, _ := server.hand.createKey(t, account)
	member := server.hand.createMember(t, server.otherProject, email, "roles/project.developer")
	user := server.hand.createMember(t, server.project, invited, "roles/project.user")
	administrator := server.hand.createMember(t, server.organization, email, "roles/organization.admin")

	ofAccount := func(project string) string {
		return fmt.Sprintf("resource \"machineid_dt_service_account\" \"test\" {\n project = %q\n display_name = \"imported\"\n}", project)
	}
	ofMember := func(project, email, role string) string {
		return fmt.Sprintf("resource \"machineid_dt_project_member\" \"test\" {\n project = %q\n email = %q\n role = %q\n}", project, email, role)
	}
	ofAdministrator := func(organization, email string) string {
		return fmt.Sprintf("resource \"machineid_dt_organization_member\" \"test\" {\n organization = %q\n email = %q\n role = \"roles/organization.admin\"\n}", organization, email)
	}
	const developer, reader = "roles/project.developer", "roles/project.user"
	tests := map[string]struct{ address, id, configuration string }{
		"an account, by full project":           {accountAddress, account, ofAccount(server.project)},
		"an account, by bare project":           {accountAddress, account, ofAccount(last(server.project))},
		"a key":                                 {keyAddress, key, fmt.Sprintf("resource \"machineid_dt_service_account_key\" \"test\" {\n service_account = %q\n}", account)},
		"a member, by full project":             {projectMemberAddress, member, ofMember(server.otherProject, email, developer)},
		"a member, by bare project, in capital": {projectMemberAddress, member, ofMember(last(server.otherProject), strings.ToUpper(email), developer)},
		"a user, in other case":                 {projectMemberAddress, user, ofMember(last(server.project), strings.ToLower(invited), reader)},
		"an administrator, by full name":        {organizationMemberAddress, administrator, ofAdministrator(server.organization, email)},
		"an administrator, by bare id":          {organizationMemberAddress, administrator, ofAdministrator(last(server.organization), strings.ToUpper(email))},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewWorkspace(t, server.env)
			w.Write("main.tf", test.configuration)
			w.MustImport(test.address, test.id)
			w.MustBeQuiet()
			if test.address == keyAddress && w.Value(keyAddress, "secret") != nil {
				t.Error("an imported key has a secret")
			}
			w.MustApply()
			w.MustBeQuiet()
		})
	}
}

// A map that comes to an imported key replaces nothing; one that changes then does.
func TestAccImportedKeyIsRotatedOnRequest(t *testing.T) {
	t.Parallel()
	server := target(t)
	account, _ := server.hand.createAccount(t, server.project, "imported")
	key, _ := server.hand.createKey(t, account)
	w := acctest.NewWorkspace(t, server.env)
	configuration := func(rotate string) {
		w.Write("main.tf", fmt.Sprintf("resource \"machineid_dt_service_account_key\" \"test\" {\n service_account = %q\n%s\n}", account, rotate))
	}
	configuration(`rotate_when_changed = { quarter = "1" }`)
	w.MustImport(keyAddress, key)
	if plan, printed, _ := w.Plan(); acctest.Actions(plan, keyAddress) != "update" {
		t.Errorf("a map that comes:\n%s", printed)
	}
	w.MustApply()
	w.MustBeQuiet()
	configuration(`rotate_when_changed = { quarter = "2" }`)
	w.MustApply()
	w.MustBeQuiet()
	if name, secret := w.Value(keyAddress, "name"), w.Value(keyAddress, "secret"); name == key || secret == nil {
		t.Errorf("the key is %v, with a secret: %t", name, secret != nil)
	}
	w.MustDestroy()
}

func TestAccImportByBadID(t *testing.T) {
	server := target(t)
	bad := func(address, configuration, id string, want ...string) resource.TestStep {
		return resource.TestStep{
			ResourceName: address, ImportState: true, ImportStateId: id, Config: configuration, ExpectError: acctest.Says(want...),
		}
	}
	const (
		account = "resource \"machineid_dt_service_account\" \"test\" {\n project = \"abc\"\n}"
		key     = "resource \"machineid_dt_service_account_key\" \"test\" {\n service_account = \"projects/a/serviceaccounts/b\"\n}"
		member  = "resource \"machineid_dt_project_member\" \"test\" {\n project = \"abc\"\n email = \"a@b\"\n role = \"roles/project.user\"\n}"
		admin   = "resource \"machineid_dt_organization_member\" \"test\" {\n organization = \"abc\"\n email = \"a@b\"\n role = \"roles/organization.admin\"\n}"
	)
	missing := server.project + "/serviceaccounts/00000000000000000000"
	acctest.Test(t, server.env,
		bad(accountAddress, account, "00000000000000000000", "Invalid import id", "projects/<project>/serviceaccounts/<id>"),
		bad(accountAddress, account, missing+"/keys/1", "Invalid import id"),
		bad(accountAddress, account, missing, "Cannot import non-existent remote object"),
		bad(keyAddress, key, missing, "Invalid import id", "projects/<project>/serviceaccounts/<account>/keys/<id>"),
		bad(keyAddress, key, missing+"/keys/00000000000000000000", "Cannot import non-existent remote object"),
		bad(projectMemberAddress, member, "organizations/a/members/b", "Invalid import id", "projects/<project>/members/<member>"),
		bad(organizationMemberAddress, admin, "projects/a/members/b", "Invalid import id", "organizations/<organization>/members/<member>"),
	)
}
