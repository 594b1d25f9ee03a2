package zenml_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

const accountType, keyType = "machineid_zenml_service_account", "machineid_zenml_api_key"

// moveClock moves the server's clock, and logs in anew: a token of another time is refused.
func (s *server) moveClock(t *testing.T, offset string) {
	t.Helper()
	s.box.Set(t, "clock", map[string]string{"offset": offset})
	s.hand = s.hand.loginAs(t, s.env["ZENML_USERNAME"], s.env["ZENML_PASSWORD"])
}

// What is listed is what an import reads, and has no secret.
func TestListsTellWhatAnImportReads(t *testing.T) {
	t.Parallel()
	server := target(t)
	name := unique("listed")
	account := server.hand.createAccount(t, name)
	t.Cleanup(func() { server.hand.deleteAccount(t, account) })
	server.hand.updateAccount(t, account, map[string]any{"description": "by hand", "active": false})
	server.hand.updateAccount(t, account, map[string]any{"active": true})
	rotated, _ := server.hand.createKey(t, account, "rotated")
	server.hand.rotateKey(t, account, rotated, 0)
	off, _ := server.hand.createKey(t, account, "off")
	server.hand.updateKey(t, account, off, map[string]any{"active": false, "description": "nobody knows"})
	found := acctest.MustListAsRead(t, server.env, acctest.Query{Type: accountType, Config: map[string]any{"name": name}})
	if len(found) != 1 || !maps.Equal(found[0].Identity, map[string]any{"id": account}) || found[0].Object["description"] != "by hand" {
		t.Errorf("found the accounts %v", found)
	}
	found = acctest.MustListAsRead(t, server.env, acctest.Query{Type: keyType, Config: map[string]any{"service_account_id": account}})
	if len(found) != 2 {
		t.Errorf("found the keys %v", found)
	}
	for _, one := range found {
		if one.Object["key"] != nil || one.Identity["service_account_id"] != account {
			t.Errorf("%s has the identity %v, and is told with its secret: %t", one.Name, one.Identity, one.Object["key"] != nil)
		}
	}
}

func TestListsChoose(t *testing.T) {
	t.Parallel()
	server := target(t)
	if server.real {
		t.Skip("the clock of a real server is not ours")
	}
	server.moveClock(t, "-240h")
	old := server.hand.createAccount(t, "old")
	server.hand.createKey(t, old, "idle")
	_, used := server.hand.createKey(t, old, "used")
	server.moveClock(t, "0h")
	server.hand.useKey(t, used)
	young := server.hand.createAccount(t, "young")
	server.hand.updateAccount(t, young, map[string]any{"active": false})
	server.hand.createKey(t, young, "used")
	for name, test := range map[string]struct {
		typeName string
		config   map[string]any
		want     []string
	}{
		"accounts":           {accountType, nil, []string{"old", "young"}},
		"an account by name": {accountType, map[string]any{"name": "young"}, []string{"young"}},
		"to the letter":      {accountType, map[string]any{"name": "Young"}, nil},
		"inactive accounts":  {accountType, map[string]any{"active": false}, []string{"young"}},
		"active accounts":    {accountType, map[string]any{"active": true}, []string{"old"}},
		"old accounts":       {accountType, map[string]any{"older_than": "9d"}, []string{"old"}},
		"older accounts":     {accountType, map[string]any{"older_than": "10d1h"}, nil},
		"keys":               {keyType, nil, []string{"idle", "used", "used"}},
		"of one account":     {keyType, map[string]any{"service_account_id": young}, []string{"used"}},
		"old keys":           {keyType, map[string]any{"older_than": "1d"}, []string{"idle", "used"}},
		"idle keys":          {keyType, map[string]any{"unused_for": "1d"}, []string{"idle"}},
		"idle by name":       {keyType, map[string]any{"unused_for": "1d", "name": "used"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found, told := acctest.List(t, server.env, acctest.Query{Type: test.typeName, Config: test.config})
			if names := acctest.Names(found); len(told) > 0 || !slices.Equal(names, test.want) {
				t.Errorf("found %q, want %q; told %q", names, test.want, told)
			}
		})
	}
}

// A page is with the CLI before the next one is asked for, and what went wrong on that is told after it.
func TestListsGoPageByPage(t *testing.T) {
	t.Parallel()
	server := target(t)
	if server.real {
		t.Skip("the faults of a real server are not ours")
	}
	for i := range 201 {
		server.hand.createAccount(t, fmt.Sprintf("account-%d", i))
	}
	server.box.ForgetRequests(t)
	pages := func() int {
		return server.box.Count(t, func(request acctest.RequestCount) bool {
			return request.Method == http.MethodGet && strings.HasSuffix(request.Route, "/service_accounts") && request.Status == http.StatusOK
		})
	}
	query := acctest.Query{Type: accountType}
	seen := 0
	for range acctest.Results(t, server.env, query) {
		seen++
		if got, want := pages(), (seen+199)/200; got != want {
			t.Fatalf("%d pages were read for %d accounts", got, seen)
		}
	}
	server.box.ForgetRequests(t)
	limited, told := acctest.List(t, server.env, acctest.Query{Type: accountType, Limit: 3})
	if seen != 201 || len(limited) != 3 || !acctest.Said(strings.Join(told, "\n"), "stops at its limit") || pages() != 1 {
		t.Errorf("%d accounts were listed, and %d with a limit, in %d pages: %q", seen, len(limited), pages(), told)
	}
	seen, told = 0, nil
	for _, said := range acctest.Results(t, server.env, query) {
		told = append(told, said...)
		if said != nil {
			continue
		}
		if seen++; seen == 1 {
			server.box.Fault(t, map[string]any{"system": "zenml", "method": http.MethodGet, "path": "/zenml/api/v1/service_accounts", "kind": "status", "status": http.StatusForbidden, "times": 100})
		}
	}
	if seen != 200 || len(told) != 1 || !acctest.Said(told[0], "Cannot list ZenML service accounts", "status 403") {
		t.Errorf("after %d accounts: %q", seen, told)
	}
}

// What goes while a query is at it is passed over.
func TestListsPassOverWhatGoes(t *testing.T) {
	t.Parallel()
	server := target(t)
	if server.real {
		t.Skip("others use a real server, too")
	}
	stays, goes := server.hand.createAccount(t, "stays"), server.hand.createAccount(t, "goes")
	server.hand.createKey(t, stays, "stays")
	server.hand.createKey(t, goes, "goes")
	seen := 0
	for one, told := range acctest.Results(t, server.env, acctest.Query{Type: keyType}) {
		if seen++; seen == 1 {
			server.hand.deleteAccount(t, goes)
		}
		if told != nil || one.Name != "stays" {
			t.Errorf("found %q, told %q", one.Name, told)
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
		"an unknown account": {keyType, map[string]any{"service_account_id": "00000000-0000-4000-8000-000000000000"}, []string{"Cannot list ZenML API keys", "status 404"}},
		"a period in words":  {accountType, map[string]any{"older_than": "a week"}, []string{"Invalid period"}},
		"no UUID":            {keyType, map[string]any{"service_account_id": "ci"}, []string{"UUID"}},
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
	name := unique("found")
	account := server.hand.createAccount(t, name)
	t.Cleanup(func() { server.hand.deleteAccount(t, account) })
	rotated, _ := server.hand.createKey(t, account, "rotated")
	server.hand.rotateKey(t, account, rotated, 0)
	off, _ := server.hand.createKey(t, account, "off")
	server.hand.updateKey(t, account, off, map[string]any{"active": false, "description": "nobody knows"})
	for noun, test := range map[string]struct {
		typeName, config string
		count            int
	}{
		"accounts": {accountType, fmt.Sprintf("name = %q", name), 1},
		"keys":     {keyType, fmt.Sprintf("service_account_id = %q", account), 2},
	} {
		t.Run(noun, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewWorkspace(t, server.env)
			if imported := w.MustImportFound(test.typeName, test.config); len(imported) != test.count {
				t.Errorf("imported %q", imported)
			}
		})
	}
}

// Ages are counted in whole days by the server's clock, and what was never used counts from its creation.
func TestAgesAreThoseOfTheServersClock(t *testing.T) {
	t.Parallel()
	server := target(t)
	if server.real {
		t.Skip("the clock of a real server is not ours")
	}
	server.moveClock(t, "-263h")
	account := server.hand.createAccount(t, "old")
	_, used := server.hand.createKey(t, account, "used")
	server.moveClock(t, "-191h")
	server.hand.useKey(t, used)
	server.moveClock(t, "-143h")
	server.hand.createKey(t, account, "unused")
	server.moveClock(t, "0h")
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", fmt.Sprintf(`
data "machineid_zenml_service_accounts" "test" {}
data "machineid_zenml_api_keys" "test" { service_account_id = %q }
output "ages" {
  value = jsonencode([data.machineid_zenml_service_accounts.test.service_accounts[*].age_days,
    { for k in data.machineid_zenml_api_keys.test.api_keys : k.name => [k.age_days, k.unused_days] }])
}
`, account))
	w.MustApply()
	if got, want := w.Output("ages"), `[[10],{"unused":[5,5],"used":[10,7]}]`; got != want {
		t.Errorf("the ages are %s, want %s", got, want)
	}
	w.MustBeQuiet()
}
