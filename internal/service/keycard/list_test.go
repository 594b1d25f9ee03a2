package keycard_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

const accountType, credentialType = "machineid_keycard_service_account", "machineid_keycard_service_account_credential"

// What is listed is what an import reads, and has no secret.
func TestListsTellWhatAnImportReads(t *testing.T) {
	t.Parallel()
	server := target(t)
	account := server.hand.createAccount(t, "ci")
	server.hand.patch(t, account, map[string]any{"description": "builds"})
	credential, _, secret := server.hand.createCredential(t, account, "first")
	for name, organization := range map[string]any{"by default": nil, "by label": ownLabel} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			said := server.own
			if organization != nil {
				said = ownLabel
			}
			found := acctest.MustListAsRead(t, server.env, acctest.Query{Type: accountType, Config: map[string]any{"organization_id": organization, "name": "ci"}})
			if want := map[string]any{"organization_id": said, "id": account}; len(found) != 1 || !maps.Equal(found[0].Identity, want) {
				t.Fatalf("found the accounts %v", found)
			}
			if found[0].Object["description"] != "builds" {
				t.Errorf("the account is told as %v", found[0].Object)
			}
			found = acctest.MustListAsRead(t, server.env, acctest.Query{Type: credentialType, Config: map[string]any{"organization_id": organization, "service_account_id": account}})
			if want := map[string]any{"organization_id": said, "service_account_id": account, "id": credential}; len(found) != 1 || !maps.Equal(found[0].Identity, want) {
				t.Fatalf("found the credentials %v", found)
			}
			if found[0].Object["client_secret"] != nil || strings.Contains(fmt.Sprint(found), secret) {
				t.Error("a secret is told")
			}
		})
	}
}

func TestListsChoose(t *testing.T) {
	t.Parallel()
	server := target(t)
	old := server.hand.createAccount(t, "old")
	_, clientID, secret := server.hand.createCredential(t, old, "used")
	server.hand.createCredential(t, old, "idle")
	server.box.Set(t, "clock", map[string]string{"offset": "240h"})
	if !server.accepts(t, clientID, secret) {
		t.Fatal("the login fails")
	}
	young := server.hand.createAccount(t, "young")
	server.hand.createCredential(t, young, "used")
	for name, test := range map[string]struct {
		typeName string
		config   map[string]any
		want     []string
	}{
		"accounts":              {accountType, nil, []string{"old", "terraform", "young"}},
		"an account by name":    {accountType, map[string]any{"name": "young"}, []string{"young"}},
		"to the letter":         {accountType, map[string]any{"name": "Young"}, nil},
		"old accounts":          {accountType, map[string]any{"older_than": "9d"}, []string{"old", "terraform"}},
		"older accounts":        {accountType, map[string]any{"older_than": "10d12h"}, nil},
		"all credentials":       {credentialType, map[string]any{"older_than": "1d"}, []string{"idle", "used"}},
		"of one account":        {credentialType, map[string]any{"service_account_id": young}, []string{"used"}},
		"by name":               {credentialType, map[string]any{"name": "used"}, []string{"used", "used"}},
		"idle":                  {credentialType, map[string]any{"unused_for": "1d"}, []string{"idle"}},
		"idle and of that name": {credentialType, map[string]any{"unused_for": "1d", "name": "used"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found, told := acctest.List(t, server.env, acctest.Query{Type: test.typeName, Config: test.config})
			names := acctest.Names(found)
			// The credential that the provider itself logs in with.
			names = slices.DeleteFunc(names, func(name string) bool { return test.typeName == credentialType && name == "bootstrap" })
			if len(told) > 0 || !slices.Equal(names, test.want) {
				t.Errorf("found %q, want %q; told %q", names, test.want, told)
			}
			for _, one := range found {
				if one.Object != nil {
					t.Errorf("%q is told whole without being asked for", one.Name)
				}
			}
		})
	}
}

// pagesOfAccounts makes three pages of accounts, with what is there from the start.
func pagesOfAccounts(t *testing.T) server {
	t.Helper()
	server := target(t)
	for i := range 201 {
		server.hand.createAccount(t, fmt.Sprintf("account %d", i))
	}
	return server
}

// A page is with the CLI before the next one is asked for, and none is that nobody wants.
func TestListsGoPageByPage(t *testing.T) {
	t.Parallel()
	server := pagesOfAccounts(t)
	pages := func() int { return server.routed(t, http.MethodGet, "/service-accounts", http.StatusOK) }
	query := acctest.Query{Type: accountType, Config: map[string]any{"organization_id": server.own}}
	server.box.ForgetRequests(t)
	seen := 0
	for range acctest.Results(t, server.env, query) {
		seen++
		if got, want := pages(), (seen+99)/100; got != want {
			t.Fatalf("%d pages were read for %d accounts", got, seen)
		}
	}
	if seen != 202 {
		t.Errorf("%d accounts were listed", seen)
	}
	server.box.ForgetRequests(t)
	query.Limit = 100
	if found, told := acctest.List(t, server.env, query); len(found) != 100 || !acctest.Said(strings.Join(told, "\n"), "stops at its limit") || pages() != 1 {
		t.Errorf("with a limit of 100: %d accounts, %d pages, %q", len(found), pages(), told)
	}
}

// What went wrong on a page is told after what came before it.
func TestListsTellOfABrokenPage(t *testing.T) {
	t.Parallel()
	server := pagesOfAccounts(t)
	query := acctest.Query{Type: accountType, Config: map[string]any{"organization_id": server.own}}
	seen, told := 0, []string(nil)
	for _, said := range acctest.Results(t, server.env, query) {
		if said != nil {
			told = append(told, said...)
			continue
		}
		if seen++; seen == 1 {
			server.fault(t, http.MethodGet, "/keycard/organizations/*/service-accounts", "status", map[string]any{"status": http.StatusForbidden, "times": 100})
		}
	}
	if seen != 100 || len(told) != 1 || !acctest.Said(told[0], "Cannot list Keycard service accounts", "status 403") {
		t.Errorf("after %d accounts: %q", seen, told)
	}
}

// What goes while a query is at it is passed over.
func TestListsPassOverWhatGoes(t *testing.T) {
	t.Parallel()
	server := target(t)
	server.later(t)
	account := server.hand.createAccount(t, "goes")
	server.hand.createCredential(t, account, "goes with it")
	seen := 0
	for one, told := range acctest.Results(t, server.env, acctest.Query{Type: credentialType}) {
		if seen++; seen == 1 {
			server.hand.delete(t, account)
		}
		if told != nil || one.Name != "bootstrap" {
			t.Errorf("found %q, told %q", one.Name, told)
		}
	}
	if seen != 1 {
		t.Errorf("%d credentials were found", seen)
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
		"an unknown account":    {credentialType, map[string]any{"service_account_id": "00000000000000000000000000"}, []string{"No such Keycard service account"}},
		"another organization":  {accountType, map[string]any{"organization_id": emptyLabel}, []string{"Cannot list Keycard service accounts", "status 404", "Check that organization_id is"}},
		"its credentials":       {credentialType, map[string]any{"organization_id": emptyLabel}, []string{"Cannot list Keycard service accounts", "status 404"}},
		"a period in words":     {accountType, map[string]any{"older_than": "a week"}, []string{"Invalid period", `"a week" is no period`}},
		"a use in words":        {credentialType, map[string]any{"unused_for": "90"}, []string{"Invalid period"}},
		"an id with a slash":    {credentialType, map[string]any{"service_account_id": "a/b"}, []string{"must be an id"}},
		"a name of blanks only": {accountType, map[string]any{"name": " "}, []string{"must not be empty or blank"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found, told := acctest.List(t, server.env, acctest.Query{Type: test.typeName, Config: test.config})
			if len(found) > 0 || len(told) != 1 || !acctest.Said(told[0], test.want...) {
				t.Errorf("found %v, told %q, want %q", found, told, test.want)
			}
		})
	}
	if _, told := acctest.List(t, nil, acctest.Query{Type: accountType}); len(told) != 1 || !acctest.Said(told[0], "KEYCARD_CLIENT_ID") {
		t.Errorf("without settings: %q", told)
	}
}
