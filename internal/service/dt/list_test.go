package dt_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

const (
	accountType            = "machineid_dt_service_account"
	keyType                = "machineid_dt_service_account_key"
	projectMemberType      = "machineid_dt_project_member"
	organizationMemberType = "machineid_dt_organization_member"
)

// found makes what the lists of a test find: an account with two keys that is a member of both projects, and another.
func (s server) found(t *testing.T) (account string) {
	t.Helper()
	account, email := s.hand.createAccount(t, s.otherProject, "by hand")
	s.hand.patch(t, account, map[string]any{"enableBasicAuth": true})
	s.hand.createKey(t, account)
	s.hand.createKey(t, account)
	s.hand.createMember(t, s.otherProject, email, "roles/project.admin")
	s.hand.createMember(t, s.organization, email, "roles/organization.admin")
	s.hand.createMember(t, s.otherProject, "Alan.Turing@example.com", "roles/project.user")
	s.hand.createAccount(t, s.otherProject, "")
	return account
}

// What is listed is what an import reads, and has no secret.
func TestListsTellWhatAnImportReads(t *testing.T) {
	t.Parallel()
	server := target(t)
	account := server.found(t)
	for _, test := range []struct {
		typeName string
		config   map[string]any
		count    int
	}{
		{accountType, map[string]any{"project": last(server.otherProject)}, 2},
		{keyType, map[string]any{"service_account": account}, 2},
		{keyType, map[string]any{"project": server.otherProject}, 2},
		{projectMemberType, map[string]any{"project": server.otherProject}, 2},
		{organizationMemberType, map[string]any{"organization": server.organization, "account_type": "SERVICE_ACCOUNT"}, 2},
	} {
		found := acctest.MustListAsRead(t, server.env, acctest.Query{Type: test.typeName, Config: test.config})
		if len(found) != test.count {
			t.Errorf("%s %v: found %v", test.typeName, test.config, found)
		}
		for _, one := range found {
			if secret, has := one.Object["secret"]; has && secret != nil {
				t.Errorf("the secret of %s is told", one.Name)
			}
		}
	}
}

func TestListsChoose(t *testing.T) {
	t.Parallel()
	server := target(t)
	server.box.Set(t, "clock", map[string]string{"offset": "-240h"})
	old, email := server.hand.createAccount(t, server.otherProject, "old")
	oldKey, _ := server.hand.createKey(t, old)
	server.hand.createMember(t, server.otherProject, email, "roles/project.user")
	server.box.Set(t, "clock", map[string]string{"offset": "0h"})
	young, _ := server.hand.createAccount(t, server.otherProject, "young")
	youngKey, _ := server.hand.createKey(t, young)
	server.hand.createMember(t, server.otherProject, "Alan.Turing@example.com", "roles/project.admin")
	for name, test := range map[string]struct {
		typeName string
		config   map[string]any
		want     []string
	}{
		"accounts":               {accountType, nil, []string{"old", "young"}},
		"an account by name":     {accountType, map[string]any{"display_name": "young"}, []string{"young"}},
		"to the letter":          {accountType, map[string]any{"display_name": "Young"}, nil},
		"an account by e-mail":   {accountType, map[string]any{"email": strings.ToUpper(email)}, []string{"old"}},
		"old accounts":           {accountType, map[string]any{"older_than": "9d"}, []string{"old"}},
		"older accounts":         {accountType, map[string]any{"older_than": "10d1h"}, nil},
		"keys":                   {keyType, nil, []string{oldKey, youngKey}},
		"old keys":               {keyType, map[string]any{"older_than": "1d"}, []string{oldKey}},
		"old keys of an account": {keyType, map[string]any{"project": nil, "service_account": young, "older_than": "1d"}, nil},
		"members":                {projectMemberType, nil, []string{"alan.turing@example.com", email}},
		"a member by e-mail":     {projectMemberType, map[string]any{"email": "alan.TURING@example.com"}, []string{"alan.turing@example.com"}},
		"members by role":        {projectMemberType, map[string]any{"role": "roles/project.user"}, []string{email}},
		"users":                  {projectMemberType, map[string]any{"account_type": "USER"}, []string{"alan.turing@example.com"}},
		"old members":            {projectMemberType, map[string]any{"older_than": "1d"}, []string{email}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := map[string]any{"project": server.otherProject}
			maps.Copy(config, test.config)
			found, told := acctest.List(t, server.env, acctest.Query{Type: test.typeName, Config: config})
			names := acctest.Names(found)
			for i := range names {
				if strings.Contains(names[i], "@") {
					names[i] = strings.ToLower(names[i])
				}
			}
			slices.Sort(test.want)
			if len(told) > 0 || !slices.Equal(names, test.want) {
				t.Errorf("found %q, want %q; told %q", names, test.want, told)
			}
		})
	}
}

// A page is with the CLI before the next one is asked for, and what went wrong on that is told after it.
func TestListsGoPageByPage(t *testing.T) {
	t.Parallel()
	server := target(t)
	for i := range 101 {
		server.hand.createAccount(t, server.otherProject, fmt.Sprintf("account %d", i))
	}
	pages := func(status int) int {
		return server.box.Count(t, func(request acctest.RequestCount) bool {
			return request.Method == http.MethodGet && strings.HasSuffix(request.Route, "/serviceaccounts") && request.Status == status
		})
	}
	query := acctest.Query{Type: accountType, Config: map[string]any{"project": server.otherProject}}
	seen := 0
	for range acctest.Results(t, server.env, query) {
		seen++
		if got, want := pages(http.StatusOK), (seen+99)/100; got != want {
			t.Fatalf("%d pages were read for %d accounts", got, seen)
		}
	}
	server.box.ForgetRequests(t)
	limited, told := acctest.List(t, server.env, acctest.Query{Type: accountType, Config: query.Config, Limit: 3})
	if seen != 101 || len(limited) != 3 || !acctest.Said(strings.Join(told, "\n"), "stops at its limit") || pages(http.StatusOK) != 1 {
		t.Errorf("%d accounts were listed, and %d with a limit, in %d pages: %q", seen, len(limited), pages(http.StatusOK), told)
	}
	seen, told = 0, nil
	for _, said := range acctest.Results(t, server.env, query) {
		told = append(told, said...)
		if said != nil {
			continue
		}
		if seen++; seen == 1 {
			server.box.Fault(t, map[string]any{"system": "dt", "method": http.MethodGet, "path": "/dt/v2/projects/*/serviceaccounts", "kind": "status", "status": http.StatusForbidden, "times": 100})
		}
	}
	if seen != 100 || len(told) != 1 || !acctest.Said(told[0], "Cannot list DT service accounts", "status 403") {
		t.Errorf("after %d accounts: %q", seen, told)
	}
}

// What goes while a query is at it is passed over.
func TestListsPassOverWhatGoes(t *testing.T) {
	t.Parallel()
	server := target(t)
	for range 2 {
		account, _ := server.hand.createAccount(t, server.otherProject, "")
		server.hand.createKey(t, account)
	}
	listed := acctest.At(server.hand.must(t, http.MethodGet, server.otherProject+"/serviceaccounts", nil), "serviceAccounts").([]any)
	latest := acctest.At(listed[1], "name").(string)
	seen := 0
	for _, told := range acctest.Results(t, server.env, acctest.Query{Type: keyType, Config: map[string]any{"project": server.otherProject}}) {
		if seen++; seen == 1 {
			server.hand.delete(t, latest)
		}
		if told != nil {
			t.Errorf("told %q", told)
		}
	}
	if seen != 1 {
		t.Errorf("%d keys were found", seen)
	}
}

func TestListsThatFail(t *testing.T) {
	t.Parallel()
	server := target(t)
	for name, test := range map[string]struct {
		typeName string
		config   map[string]any
		want     []string
	}{
		"an unknown project":    {accountType, map[string]any{"project": "b0000000000000000000"}, []string{"Cannot list DT service accounts", "status 404"}},
		"an unknown account":    {keyType, map[string]any{"service_account": server.project + "/serviceaccounts/b0000000000000000000"}, []string{"Cannot list DT service account keys", "status 404"}},
		"neither":               {keyType, nil, []string{"Invalid Attribute Combination", "project", "service_account"}},
		"both":                  {keyType, map[string]any{"project": "p", "service_account": "projects/p/serviceaccounts/a"}, []string{"Invalid Attribute Combination"}},
		"a period in words":     {accountType, map[string]any{"project": "p", "older_than": "a week"}, []string{"Invalid period"}},
		"a type that is no one": {projectMemberType, map[string]any{"project": "p", "account_type": "ROBOT"}, []string{"SERVICE_ACCOUNT"}},
		"no e-mail address":     {organizationMemberType, map[string]any{"organization": "o", "email": "nobody"}, []string{"must be an e-mail address"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found, told := acctest.List(t, server.env, acctest.Query{Type: test.typeName, Config: test.config})
			if len(found) > 0 || len(told) != 1 || !acctest.Said(told[0], test.want...) {
				t.Errorf("found %v, told %q, want %q", found, told, test.want)
			}
		})
	}
}

// Everything that a query finds is imported by the configuration that the CLI writes for it, and then nothing is to be done.
func TestWhatIsFoundCanBeImported(t *testing.T) {
	t.Parallel()
	server := target(t)
	account := server.found(t)
	project := line("project", server.otherProject)
	for name, test := range map[string]struct {
		typeName, config string
		count            int
	}{
		"accounts":             {accountType, project, 2},
		"keys":                 {keyType, line("service_account", account), 2},
		"project members":      {projectMemberType, project, 2},
		"organization members": {organizationMemberType, line("organization", server.organization) + "\n" + line("account_type", "SERVICE_ACCOUNT"), 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewWorkspace(t, server.env)
			if imported := w.MustImportFound(test.typeName, test.config); len(imported) != test.count {
				t.Errorf("imported %q", imported)
			}
		})
	}
}

// Ages are counted in whole days by the server's clock.
func TestAgesAreThoseOfTheServersClock(t *testing.T) {
	t.Parallel()
	server := target(t)
	server.box.Set(t, "clock", map[string]string{"offset": "-263h"})
	account, email := server.hand.createAccount(t, server.otherProject, "old")
	server.box.Set(t, "clock", map[string]string{"offset": "-215h"})
	server.hand.createKey(t, account)
	server.box.Set(t, "clock", map[string]string{"offset": "-191h"})
	server.hand.createMember(t, server.otherProject, email, "roles/project.user")
	server.box.Set(t, "clock", map[string]string{"offset": "0h"})
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", fmt.Sprintf(`
data "machineid_dt_service_accounts" "test" { project = %[1]q }
data "machineid_dt_service_account_keys" "test" { service_account = %[2]q }
data "machineid_dt_project_members" "test" { project = %[1]q }
output "ages" {
  value = jsonencode([data.machineid_dt_service_accounts.test.service_accounts[*].age_days,
    data.machineid_dt_service_account_keys.test.keys[*].age_days, data.machineid_dt_project_members.test.members[*].age_days])
}
`, server.otherProject, account))
	w.MustApply()
	if got, want := w.Output("ages"), `[[10],[8],[7]]`; got != want {
		t.Errorf("the ages are %s, want %s", got, want)
	}
	w.MustBeQuiet()
}
