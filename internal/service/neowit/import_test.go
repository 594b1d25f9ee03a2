package neowit_test

import (
	"fmt"
	"maps"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// Whatever spelling an import and a configuration have, an empty plan follows.
func TestImportInEverySpelling(t *testing.T) {
	t.Parallel()
	server := target(t)
	account, inChild := server.hand.createAccount(t, "", "imported"), server.hand.createAccount(t, server.child, "imported")
	key, _ := server.hand.createKey(t, account)
	childKey := acctest.At(server.hand.must(t, "POST", inChild+"/key?orgId="+server.child, map[string]any{}), "keyId").(string)
	quoted := func(text string) string { return fmt.Sprintf("%q", text) }
	bare, named := accountNamed("imported"), accountIn(server.own, "imported")
	tests := map[string]struct {
		address, id, configuration, organization string
		defaults                                 string // the provider's org_id
	}{
		"an account":                                  {accountAddress, account, bare, "", ""},
		"an account with its organization":            {accountAddress, server.own + "/" + account, bare, server.own, ""},
		"an account and its configured organization":  {accountAddress, server.own + "/" + account, named, server.own, ""},
		"an account of a child":                       {accountAddress, server.child + "/" + inChild, accountIn(server.child, "imported"), server.child, ""},
		"an account of a child that is the default":   {accountAddress, inChild, bare, server.child, server.child},
		"an account of the default, configured":       {accountAddress, inChild, accountIn(server.child, "imported"), server.child, server.child},
		"an account that is not of the default":       {accountAddress, server.own + "/" + account, bare, server.own, server.child},
		"a key":                                       {keyAddress, account + "/" + key, keyOf(quoted(account)), "", ""},
		"a key with its organization":                 {keyAddress, server.own + "/" + account + "/" + key, keyOf(quoted(account)), server.own, ""},
		"a key and its configured organization":       {keyAddress, server.own + "/" + account + "/" + key, keyIn(server.own, quoted(account)), server.own, ""},
		"a key of a child that is the default":        {keyAddress, inChild + "/" + childKey, keyOf(quoted(inChild)), server.child, server.child},
		"a key of a child, with an empty environment": {keyAddress, server.child + "/" + inChild + "/" + childKey, keyIn(server.child, quoted(inChild)), server.child, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewWorkspace(t, acctest.With(server.env, "NEOWIT_ORG_ID", test.defaults))
			w.Write("main.tf", test.configuration)
			w.MustImport(test.address, test.id)
			w.MustBeQuiet()
			if got, _ := w.Value(test.address, "org_id").(string); got != test.organization {
				t.Errorf("imported with the organization %q, want %q", got, test.organization)
			}
			if test.address == keyAddress && (w.Value(keyAddress, "secret") != nil || w.Value(keyAddress, "created") == nil) {
				t.Error("an imported key has a secret, or no moment of creation")
			}
			w.MustApply()
			w.MustBeQuiet()
		})
	}
}

// A map that comes to an imported key replaces nothing; one that changes then does.
func TestAnImportedKeyIsRotatedOnRequest(t *testing.T) {
	t.Parallel()
	server := target(t)
	account := server.hand.createAccount(t, "", "imported")
	key, _ := server.hand.createKey(t, account)
	w := acctest.NewWorkspace(t, server.env)
	configuration := func(quarter string) {
		w.Write("main.tf", fmt.Sprintf("resource \"machineid_neowit_service_account_key\" \"test\" {\n service_account_id = %q\n rotate_when_changed = { quarter = %q }\n}", account, quarter))
	}
	configuration("1")
	w.MustImport(keyAddress, account+"/"+key)
	if plan, printed, _ := w.Plan(); acctest.Actions(plan, keyAddress) != "update" {
		t.Errorf("a map that comes:\n%s", printed)
	}
	w.MustApply()
	w.MustBeQuiet()
	configuration("2")
	w.MustApply()
	w.MustBeQuiet()
	if id, secret := w.Value(keyAddress, "key_id"), w.Value(keyAddress, "secret"); id == key || secret == nil {
		t.Errorf("the key is %v, with a secret: %t", id, secret != nil)
	}
	w.MustDestroy()
}

func TestImportsThatFail(t *testing.T) {
	t.Parallel()
	server := target(t)
	account := server.hand.createAccount(t, "", "imported")
	key, _ := server.hand.createKey(t, account)
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", accountNamed("imported")+keyOf(`"`+account+`"`))
	const (
		nobody     = "0000000000000000000000"
		notThere   = "Cannot import non-existent remote object"
		ofAccounts = "A Neowit service account is imported by <id> or <org_id>/<id>, not by"
		ofKeys     = "A Neowit key is imported by <service_account_id>/<key_id> or <org_id>/<service_account_id>/<key_id>, not by"
	)
	for _, test := range []struct {
		address, id string
		want        []string
	}{
		{accountAddress, "/" + account, []string{"Invalid import id", ofAccounts, "finds the id by name"}},
		{accountAddress, account + "/", []string{"Invalid import id", ofAccounts}},
		{accountAddress, server.own + "/" + account + "/" + key, []string{"Invalid import id", ofAccounts}},
		{accountAddress, "two words", []string{"Invalid import id", ofAccounts}},
		{accountAddress, nobody, []string{notThere}},
		{accountAddress, server.child + "/" + account, []string{notThere}},
		{accountAddress, server.foreign + "/" + account, []string{"Cannot read Neowit service account", "status 403", "administrators of the organization"}},
		{keyAddress, key, []string{"Invalid import id", ofKeys, "lists the keys of an account"}},
		{keyAddress, "/" + account + "/" + key, []string{"Invalid import id", ofKeys}},
		{keyAddress, account + "//" + key, []string{"Invalid import id", ofKeys}},
		{keyAddress, "a/b/c/d", []string{"Invalid import id", ofKeys}},
		{keyAddress, account + "/" + nobody, []string{notThere}},
		{keyAddress, nobody + "/" + key, []string{notThere}},
	} {
		if printed, err := w.Import(test.address, test.id); err == nil || !acctest.Said(printed, test.want...) {
			t.Errorf("the import by %q must say %q; it ended with %v:\n%s", test.id, test.want, err, printed)
		}
	}
	// What cannot be read cannot be imported, because its name would stay unknown.
	server.box.Set(t, "neowit", map[string]string{"list": "off", "get": "off"})
	for address, id := range map[string]string{accountAddress: account, keyAddress: account + "/" + key} {
		if printed, err := w.Import(address, id); err == nil || !acctest.Said(printed, "Cannot read Neowit service account", "Check neowit.base_url (NEOWIT_BASE_URL)") {
			t.Errorf("the import must fail; it ended with %v:\n%s", err, printed)
		}
	}
	if w.State().Values != nil {
		t.Error("something was imported")
	}
}

// An import by identity needs Terraform 1.12. This test asks the provider as such a CLI would, so that it runs whatever
// CLI is at hand.
func TestImportByIdentityOverTheProtocol(t *testing.T) {
	t.Parallel()
	const account, key, rotating = "machineid_neowit_service_account", "machineid_neowit_service_account_key", "machineid_neowit_service_account_rotating_key"
	tests := map[string]struct {
		typeName string
		identity map[string]any
		// The organization of the provider, and the one that is imported.
		defaults string
		imported any
		refused  bool
	}{
		"an account":                    {account, map[string]any{"id": "a", "org_id": nil}, "", nil, false},
		"an account of the default":     {account, map[string]any{"id": "a", "org_id": nil}, "d", "d", false},
		"an account of an organization": {account, map[string]any{"id": "a", "org_id": "o"}, "d", "o", false},
		"a key":                         {key, map[string]any{"service_account_id": "a", "key_id": "k", "org_id": nil}, "", nil, false},
		"a key of the default":          {key, map[string]any{"service_account_id": "a", "key_id": "k", "org_id": nil}, "d", "d", false},
		"a key of an organization":      {key, map[string]any{"service_account_id": "a", "key_id": "k", "org_id": "o"}, "d", "o", false},
		"an account with a slash":       {account, map[string]any{"id": "o/a", "org_id": nil}, "", nil, true},
		"an organization with a slash":  {account, map[string]any{"id": "a", "org_id": "o/p"}, "", nil, true},
		"a key with a slash":            {key, map[string]any{"service_account_id": "a", "key_id": "a/k", "org_id": nil}, "", nil, true},
		"a rotating key":                {rotating, map[string]any{"service_account_id": "a", "key_id": "k", "org_id": nil}, "d", "d", false},
		"a rotating key with a slash":   {rotating, map[string]any{"service_account_id": "a", "key_id": "k/1", "org_id": nil}, "", nil, true},
		"a key without an account":      {key, map[string]any{"service_account_id": nil, "key_id": "k", "org_id": nil}, "", nil, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := map[string]string{"NEOWIT_ACCESS_TOKEN": "token-of-this-test", "NEOWIT_ORG_ID": test.defaults}
			imported, errors := acctest.ImportByIdentity(t, env, test.typeName, test.identity)
			if refused := len(errors) > 0; refused != test.refused {
				t.Fatalf("refused: %t, want %t: %q", refused, test.refused, errors)
			}
			want := maps.Clone(test.identity)
			want["org_id"] = test.imported
			if !test.refused && !maps.Equal(imported, want) {
				t.Errorf("the imported object has the identity %v, want %v", imported, want)
			}
		})
	}
}
