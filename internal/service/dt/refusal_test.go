package dt_test

import (
	"fmt"
	"net/http"
	"regexp"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// everything is a folder with the configuration of testdata/failure/everything.tf; changes are variables, given as name
// and value in turn.
func (s server) everything(t *testing.T) *acctest.Workspace {
	t.Helper()
	w := acctest.NewWorkspace(t, s.env)
	w.Copy("internal/service/dt/testdata/failure/everything.tf")
	s.vary(w)
	return w
}

// vary sets the variables of that configuration.
func (s server) vary(w *acctest.Workspace, changes ...string) {
	variables := map[string]string{"project": s.project, "other_project": s.otherProject, "organization": s.organization}
	for i := 0; i < len(changes); i += 2 {
		variables[changes[i]] = changes[i+1]
	}
	w.Variables(variables)
}

func accountIn(project string) string {
	return fmt.Sprintf("resource \"machineid_dt_service_account\" \"test\" {\n project = %q\n display_name = \"ci\"\n}\n", project)
}

func keyOf(account string) string {
	return fmt.Sprintf("resource \"machineid_dt_service_account_key\" \"test\" {\n service_account = %q\n}\n", account)
}

func memberIn(project, email, role string) string {
	return fmt.Sprintf("resource \"machineid_dt_project_member\" \"test\" {\n project = %q\n email = %q\n role = %q\n}\n", project, email, role)
}

func memberOf(organization, email, role string) string {
	return fmt.Sprintf("resource \"machineid_dt_organization_member\" \"test\" {\n organization = %q\n email = %q\n role = %q\n}\n", organization, email, role)
}

func accountsIn(project string) string {
	return fmt.Sprintf("data \"machineid_dt_service_accounts\" \"test\" {\n project = %q\n}\n", project)
}

// A role that cannot be given in a parent is seen without asking the server.
func TestRoleOfTheWrongKind(t *testing.T) {
	t.Parallel()
	server := target(t)
	w := acctest.NewWorkspace(t, server.env)
	for _, role := range []string{"roles/organization.admin", "project.user", "roles/project.", ""} {
		w.Write("main.tf", memberIn(server.project, "ada@example.com", role))
		w.PlanMustFail(acctest.Says("Invalid Attribute Value Match", "machineid_dt_project_member.test", "Attribute role must be a project role, such as roles/project.user"))
	}
	for _, role := range []string{"roles/project.admin", "organization.admin"} {
		w.Write("main.tf", memberOf(server.organization, "ada@example.com", role))
		w.PlanMustFail(acctest.Says("Invalid Attribute Value Match", "machineid_dt_organization_member.test", "Attribute role must be an organization role, such as roles/organization.admin"))
	}
	server.box.MustBeUnasked(t)
}

// The server may have roles that nobody knows here, so it decides.
func TestRoleThatTheServerDoesNotKnow(t *testing.T) {
	t.Parallel()
	server := target(t)
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", memberIn(server.project, "ada@example.com", "roles/project.operator"))
	w.ApplyMustFail("Cannot create DT project member", "ada@example.com of "+server.project, "status 400", `there is no role "roles/project.operator"`, "machineid_dt_roles lists")
	w.Write("main.tf", memberOf(server.organization, "ada@example.com", "roles/organization.viewer"))
	w.ApplyMustFail("Cannot create DT organization member", "ada@example.com of "+server.organization, "status 400", `there is no role "roles/organization.viewer"`, "machineid_dt_roles lists")

	member := server.hand.createMember(t, server.project, "ada@example.com", "roles/project.user")
	w.Write("main.tf", memberIn(server.project, "ada@example.com", "roles/project.operator"))
	w.MustImport(projectMemberAddress, member)
	w.ApplyMustFail("Cannot update DT project member", "status 400", "there is no role")
	w.Write("main.tf", memberIn(server.project, "ada@example.com", "roles/project.user"))
	w.MustBeQuiet()
	w.MustDestroy()
}

var importCommand = regexp.MustCompile(`(?m)^\W*terraform import '<address of this resource>' (\S+)$`)

// The error about a member who is there already tells how to take it over, and that works.
func TestMemberWhoExists(t *testing.T) {
	t.Parallel()
	server := target(t)
	_, email := server.hand.createAccount(t, server.project, "member")
	for _, test := range []struct{ address, noun, parent, role, config string }{
		{projectMemberAddress, "DT project member", server.otherProject, "roles/project.developer", memberIn(server.otherProject, email, "roles/project.developer")},
		{projectMemberAddress, "DT project member", server.otherProject, "roles/project.user", memberIn(server.otherProject, "ada@example.com", "roles/project.user")},
		{organizationMemberAddress, "DT organization member", server.organization, "roles/organization.admin", memberOf(server.organization, email, "roles/organization.admin")},
	} {
		w := acctest.NewWorkspace(t, server.env)
		w.Write("main.tf", test.config)
		invited := email
		if test.role == "roles/project.user" {
			invited = "Ada@Example.com" // another spelling of the same
		}
		member := server.hand.createMember(t, test.parent, invited, test.role)
		printed := w.ApplyMustFail("Cannot create "+test.noun, "status 409", invited+" is a member already, with the role "+test.role)
		found := importCommand.FindStringSubmatch(printed)
		if found == nil || found[1] != member {
			t.Errorf("the error does not tell how to import %s: %q", member, found)
			continue
		}
		if printed, err := w.Import(test.address, found[1]); err != nil {
			t.Errorf("%v\n%s", err, printed)
			continue
		}
		w.MustBeQuiet()
		w.MustDestroy()
	}
}

// A 403 names the role that the caller lacks, and where.
func TestForbiddenNamesTheRole(t *testing.T) {
	t.Parallel()
	server := target(t)
	owned, email := server.hand.createAccount(t, server.project, "ci")
	member := server.hand.createMember(t, server.project, email, "roles/project.user")
	_, reader := server.caller(t, server.project, "roles/project.user")
	user := []string{"status 403", "needs the role roles/project.user in " + server.otherProject + " (or a higher one), or roles/organization.admin in its organization"}
	admin := []string{"status 403", "needs the role roles/project.admin in " + server.project + " (or a higher one), or roles/organization.admin in its organization"}
	organization := []string{"status 403", "needs the role roles/organization.admin in " + server.organization + ". Its roles there are shown in DT Studio"}

	w := acctest.NewWorkspace(t, reader)
	w.Write("main.tf", accountsIn(server.project))
	w.MustApply() // reading is allowed to every member
	for _, test := range []struct {
		config, summary string
		want            []string
	}{
		{accountsIn(server.otherProject), "Cannot list DT service accounts", user},
		{accountIn(server.project), "Cannot create DT service account", admin},
		{keyOf(owned), "Cannot create DT service account key", admin},
		{memberIn(server.project, "ada@example.com", "roles/project.user"), "Cannot create DT project member", admin},
		{memberOf(server.organization, "ada@example.com", "roles/organization.admin"), "Cannot create DT organization member", organization},
	} {
		w.Write("main.tf", test.config)
		w.ApplyMustFail(append([]string{test.summary}, test.want...)...)
	}

	// Who may only read can import, but neither change nor delete.
	w.Write("main.tf", accountIn(server.project)+memberIn(server.project, email, "roles/project.user"))
	for address, id := range map[string]string{accountAddress: owned, projectMemberAddress: member} {
		w.MustImport(address, id)
	}
	w.MustBeQuiet()
	w.Write("main.tf", "")
	w.ApplyMustFail(append([]string{"Cannot delete DT project member"}, admin...)...)
	w.Write("main.tf", regexp.MustCompile(`"ci"`).ReplaceAllString(accountIn(server.project), `"renamed"`)+memberIn(server.project, email, "roles/project.developer"))
	printed := w.ApplyMustFail(append([]string{"Cannot update DT service account"}, admin...)...)
	if !acctest.Said(printed, append([]string{"Cannot update DT project member"}, admin...)...) {
		t.Errorf("the role's change is not explained:\n%s", printed)
	}
}

// An account that is full is explained with its keys, whatever the status, which is not documented.
func TestTenKeys(t *testing.T) {
	t.Parallel()
	for _, status := range []string{"400", "409", "429"} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			server.box.Set(t, "dt", map[string]string{"key_limit_status": status})
			account, _ := server.hand.createAccount(t, server.project, "full")
			want := []string{"Cannot create DT service account key", "status " + status, "A service account may have at most 10 keys, and this one has 10"}
			for range 10 {
				key, _ := server.hand.createKey(t, account)
				want = append(want, "- "+key+", made at 2")
			}
			want = append(want, "Delete one that is not used any more", "create_before_destroy", "leave room for as many as are replaced in one apply")
			server.box.ForgetRequests(t)
			w := acctest.NewWorkspace(t, server.env)
			w.Write("main.tf", keyOf(account))
			w.ApplyMustFail(want...)
			for _, request := range server.box.Requests(t) {
				// A 429 is repeated, because it usually means the rate.
				if request.Method == http.MethodPost && !request.Token && request.Count != 1 && status != "429" {
					t.Errorf("the key was asked for %d times, want once", request.Count)
				}
			}
		})
	}
}
