package neowit_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

const accountType, keyType = "machineid_neowit_service_account", "machineid_neowit_service_account_key"

// What is listed is what an import reads, and has no secret.
func TestListsTellWhatAnImportReads(t *testing.T) {
	t.Parallel()
	server := target(t)
	account, inChild := server.hand.createAccount(t, "", "by hand"), server.hand.createAccount(t, server.child, "in the child")
	server.hand.patch(t, account, map[string]any{"enableBasicAuth": true})
	server.hand.createKey(t, account)
	key, _ := server.hand.createKey(t, account)
	server.box.Set(t, "clock", map[string]string{"offset": "0h"})
	for name, test := range map[string]struct {
		typeName string
		config   map[string]any
		want     map[string]any
		count    int
	}{
		"accounts":       {accountType, map[string]any{"name": "by hand"}, map[string]any{"org_id": nil, "id": account}, 1},
		"of a child":     {accountType, map[string]any{"org_id": server.child}, map[string]any{"org_id": server.child, "id": inChild}, 1},
		"keys":           {keyType, map[string]any{"older_than": "30m"}, map[string]any{"org_id": nil, "service_account_id": account, "key_id": key}, 2},
		"of one account": {keyType, map[string]any{"service_account_id": account}, map[string]any{"org_id": nil, "service_account_id": account, "key_id": key}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found := acctest.MustListAsRead(t, server.env, acctest.Query{Type: test.typeName, Config: test.config})
			has := slices.ContainsFunc(found, func(one acctest.Listed) bool { return maps.Equal(one.Identity, test.want) })
			if len(found) != test.count || !has {
				t.Errorf("found %v, want %d with %v", found, test.count, test.want)
			}
			for _, one := range found {
				if secret, has := one.Object["secret"]; has && secret != nil {
					t.Errorf("the secret of %s is told", one.Name)
				}
			}
		})
	}
}

func TestListsChoose(t *testing.T) {
	t.Parallel()
	server := target(t)
	server.box.Set(t, "clock", map[string]string{"offset": "-240h"})
	old := server.hand.createAccount(t, "", "old")
	oldKey, _ := server.hand.createKey(t, old)
	server.box.Set(t, "clock", map[string]string{"offset": "0h"})
	young := server.hand.createAccount(t, "", "young")
	youngKey, _ := server.hand.createKey(t, young)
	for name, test := range map[string]struct {
		typeName string
		config   map[string]any
		want     []string
	}{
		"accounts":               {accountType, nil, []string{"old", "terraform", "young"}},
		"an account by name":     {accountType, map[string]any{"name": "young"}, []string{"young"}},
		"to the letter":          {accountType, map[string]any{"name": "Young"}, nil},
		"old accounts":           {accountType, map[string]any{"older_than": "9d"}, []string{"old"}},
		"older accounts":         {accountType, map[string]any{"older_than": "10d1h"}, nil},
		"old keys":               {keyType, map[string]any{"older_than": "1d"}, []string{"old " + oldKey}},
		"keys of an account":     {keyType, map[string]any{"service_account_id": young}, []string{"young " + youngKey}},
		"old keys of an account": {keyType, map[string]any{"service_account_id": young, "older_than": "1d"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found, told := acctest.List(t, server.env, acctest.Query{Type: test.typeName, Config: test.config})
			if names := acctest.Names(found); len(told) > 0 || !slices.Equal(names, test.want) {
				t.Errorf("found %q, want %q; told %q", names, test.want, told)
			}
		})
	}
	first, told := acctest.List(t, server.env, acctest.Query{Type: keyType, Limit: 1})
	if len(first) != 1 || !acctest.Said(strings.Join(told, "\n"), "stops at its limit") {
		t.Errorf("with a limit of 1: %v, %q", first, told)
	}
}

// A list that names a page that follows has no way to it: what it holds is told, and then that there is more.
func TestListsTellThatTheyAreIncomplete(t *testing.T) {
	t.Parallel()
	server := target(t)
	account := server.hand.createAccount(t, "", "first")
	server.hand.createKey(t, account)
	server.hand.createAccount(t, "", "left out")
	server.set(t, "next_page", "on")
	for _, typeName := range []string{accountType, keyType} {
		found, told := acctest.List(t, server.env, acctest.Query{Type: typeName})
		if len(found) != 2 || len(told) != 1 || !acctest.Said(told[0], "Cannot list Neowit service accounts") {
			t.Errorf("%s: found %q, told %q", typeName, acctest.Names(found), told)
		}
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
		"an unknown account":   {keyType, map[string]any{"service_account_id": "nobody"}, []string{"Cannot list Neowit service account keys"}},
		"another organization": {accountType, map[string]any{"org_id": server.foreign}, []string{"Cannot list Neowit service accounts"}},
		"a period in words":    {accountType, map[string]any{"older_than": "a week"}, []string{"Invalid period"}},
		"an id with a slash":   {keyType, map[string]any{"service_account_id": "a/b"}, []string{"must be an id"}},
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
	account := server.hand.createAccount(t, "", "by hand")
	server.hand.createKey(t, account)
	server.hand.createKey(t, account)
	server.hand.createAccount(t, server.child, "in the child")
	for name, test := range map[string]struct {
		typeName, config string
		count            int
	}{
		"accounts":   {accountType, "", 2},
		"of a child": {accountType, fmt.Sprintf("org_id = %q", server.child), 1},
		"keys":       {keyType, fmt.Sprintf("service_account_id = %q", account), 2},
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
	account := server.hand.createAccount(t, "", "old")
	server.box.Set(t, "clock", map[string]string{"offset": "-191h"})
	server.hand.createKey(t, account)
	server.box.Set(t, "clock", map[string]string{"offset": "0h"})
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", fmt.Sprintf(`
data "machineid_neowit_service_account" "test" { id = %q }
data "machineid_neowit_service_accounts" "test" {}
output "ages" {
  value = jsonencode([data.machineid_neowit_service_account.test.age_days,
    [for a in data.machineid_neowit_service_accounts.test.service_accounts : [a.age_days, a.keys[*].age_days] if a.name == "old"]])
}
`, account))
	w.MustApply()
	if got, want := w.Output("ages"), `[10,[[10,[7]]]]`; got != want {
		t.Errorf("the ages are %s, want %s", got, want)
	}
	w.MustBeQuiet()
}
