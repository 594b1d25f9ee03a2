package dt_test

import (
	"net/http"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// A change that meets another one is repeated, at every kind of change.
func TestConcurrentChanges(t *testing.T) {
	t.Parallel()
	server := target(t)
	meet := func() { server.box.Set(t, "dt", map[string]string{"concurrent_changes": "2"}) }
	met := func(step string) {
		t.Helper()
		refused := server.box.Count(t, func(request acctest.RequestCount) bool { return request.Status == http.StatusConflict })
		if refused != 2 {
			t.Errorf("%s: %d changes were refused, want 2", step, refused)
		}
		server.box.ForgetRequests(t)
	}
	w := server.everything(t)
	meet()
	w.MustApply()
	met("create")
	w.MustBeQuiet()
	server.vary(w, "display_name", "renamed", "role", "roles/project.developer")
	meet()
	w.MustApply()
	met("update")
	w.MustBeQuiet()
	if got := acctest.At(server.hand.read(t, w.Value(projectMemberAddress, "name").(string)), "roles").([]any); len(got) != 1 || got[0] != "roles/project.developer" {
		t.Errorf("the member has the roles %v", got)
	}
	meet()
	w.MustDestroy()
	met("destroy")
	server.box.MustBeEmpty(t, "dt")
}

// A project may be as new as an account in it, so a missing one is waited for, and then explained.
func TestCreateInAProjectThatIsGone(t *testing.T) {
	t.Parallel()
	server := target(t)
	project := server.hand.createProject(t, server.organization, "short-lived")
	server.hand.delete(t, project)
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", accountIn(project))
	server.box.ForgetRequests(t)
	w.ApplyMustFail("Cannot create DT service account", `Service account "ci" in `+project, "status 404", "Check the ids")
	if asked := server.posts(t); asked != 4 {
		t.Errorf("the account was asked for %d times, want 4", asked)
	}
	server.box.Set(t, "dt", map[string]string{"missing_project_status": "403"})
	w.ApplyMustFail("Cannot create DT service account", "status 403", "needs the role roles/project.admin in "+project,
		"An id that does not exist can be answered in the same way")
	w.Write("main.tf", memberIn(project, "ada@example.com", "roles/project.user"))
	w.ApplyMustFail("Cannot create DT project member", "status 403", "needs the role roles/project.admin in "+project,
		"An id that does not exist can be answered in the same way")
}

// posts counts the requests to create something.
func (s server) posts(t *testing.T) int {
	t.Helper()
	return s.box.Count(t, func(request acctest.RequestCount) bool {
		return request.Method == http.MethodPost && !request.Token
	})
}

// With a project, what is in it vanishes. A 404 says so; a 403 may as well mean that a role was taken away, so nothing
// leaves the state.
func TestAProjectThatVanishes(t *testing.T) {
	t.Parallel()
	server := target(t)
	project := server.hand.createProject(t, server.organization, "short-lived")
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", accountIn(project))
	w.MustApply()
	account, _ := w.Value(accountAddress, "name").(string)
	server.hand.delete(t, account)
	server.hand.delete(t, project)
	server.box.Set(t, "clock", map[string]string{"offset": "1m"}) // beyond what is waited for

	server.box.Set(t, "dt", map[string]string{"missing_project_status": "403"})
	w.PlanMustFail(acctest.Says("Cannot read DT service account", account, "status 403", "needs the role roles/project.user in "+project,
		"An id that does not exist can be answered in the same way"))
	if w.Value(accountAddress, "name") != account {
		t.Error("the account left the state")
	}
	server.box.Set(t, "dt", map[string]string{"missing_project_status": "404"})
	plan, printed, _ := w.Plan()
	if acctest.Actions(plan, accountAddress) != "create" || !acctest.Said(printed, "DT service account was deleted outside Terraform", account, "no longer exists and leaves the state", project) {
		t.Errorf("the account is to leave the state with a warning:\n%s", printed)
	}
}

// Another spelling of an address is no drift, and nothing to change.
func TestMixedCaseEmails(t *testing.T) {
	t.Parallel()
	server := target(t)
	w := acctest.NewWorkspace(t, server.env)
	configuration := func(email string) string {
		return memberIn(server.project, email, "roles/project.user") + memberOf(server.organization, email, "roles/organization.admin")
	}
	server.box.Set(t, "dt", map[string]string{"mixed_case_emails": "true"})
	w.Write("main.tf", configuration("grace.hopper@example.com"))
	w.MustApply()
	w.MustBeQuiet()
	w.Write("main.tf", configuration("GRACE.Hopper@example.com"))
	w.MustBeQuiet()
	server.box.Set(t, "dt", map[string]string{"mixed_case_emails": "false"})
	w.MustBeQuiet()
	w.MustDestroy()
	server.box.MustBeEmpty(t, "dt")
}

// In 2021 the answer to a new membership had no date. Nothing that is shown depends on it.
func TestMemberWithoutADate(t *testing.T) {
	t.Parallel()
	server := target(t)
	server.box.Set(t, "dt", map[string]string{"member_create_time_null": "true"})
	w := server.everything(t)
	w.MustApply()
	w.MustBeQuiet()
	server.vary(w, "role", "roles/project.admin")
	w.MustApply()
	w.MustBeQuiet()
	w.MustDestroy()
}
