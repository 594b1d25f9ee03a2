package neowit_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// Whatever spelling an import and a configuration have, an empty plan follows.
func TestImportInEverySpelling(t *testing.T) {
	t.Parallel()
	server := target(t)
	account, inChild := server.hand.createAccount(t, "", "imported"), server.hand.createAccount(t, server.child, "imported")
	key, _ := server.hand.createKey(t, account)
	childKey := at(server.hand.must(t, "POST", inChild+"/key?orgId="+server.child, map[string]any{}), "keyId").(string)
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
			if printed, err := w.Import(test.address, test.id); err != nil {
				t.Fatalf("%v\n%s", err, printed)
			}
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
	if printed, err := w.Import(keyAddress, account+"/"+key); err != nil {
		t.Fatalf("%v\n%s", err, printed)
	}
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
		if printed, err := w.Import(test.address, test.id); err == nil || !says(printed, test.want...) {
			t.Errorf("the import by %q must say %q; it ended with %v:\n%s", test.id, test.want, err, printed)
		}
	}
	// What cannot be read cannot be imported, because its name would stay unknown.
	server.box.Set(t, "neowit", map[string]string{"list": "off", "get": "off"})
	for address, id := range map[string]string{accountAddress: account, keyAddress: account + "/" + key} {
		if printed, err := w.Import(address, id); err == nil || !says(printed, "Cannot read Neowit service account", "Check neowit.base_url (NEOWIT_BASE_URL)") {
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
	const account, key = "machineid_neowit_service_account", "machineid_neowit_service_account_key"
	tests := map[string]struct {
		typeName           string
		identity           map[string]string
		defaults, imported string // organizations
		refused            bool
	}{
		"an account":                    {account, map[string]string{"id": "a", "org_id": ""}, "", "", false},
		"an account of the default":     {account, map[string]string{"id": "a", "org_id": ""}, "d", "d", false},
		"an account of an organization": {account, map[string]string{"id": "a", "org_id": "o"}, "d", "o", false},
		"a key":                         {key, map[string]string{"service_account_id": "a", "key_id": "k", "org_id": ""}, "", "", false},
		"a key of the default":          {key, map[string]string{"service_account_id": "a", "key_id": "k", "org_id": ""}, "d", "d", false},
		"a key of an organization":      {key, map[string]string{"service_account_id": "a", "key_id": "k", "org_id": "o"}, "d", "o", false},
		"an account with a slash":       {account, map[string]string{"id": "o/a", "org_id": ""}, "", "", true},
		"an organization with a slash":  {account, map[string]string{"id": "a", "org_id": "o/p"}, "", "", true},
		"a key with a slash":            {key, map[string]string{"service_account_id": "a", "key_id": "a/k", "org_id": ""}, "", "", true},
		"a key without an account":      {key, map[string]string{"service_account_id": "", "key_id": "k", "org_id": ""}, "", "", true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := configured(t, map[string]string{"NEOWIT_ACCESS_TOKEN": "token-of-this-test", "NEOWIT_ORG_ID": test.defaults})
			attributes, values := map[string]tftypes.Type{}, map[string]tftypes.Value{}
			for attribute, value := range test.identity {
				attributes[attribute] = tftypes.String
				values[attribute] = tftypes.NewValue(tftypes.String, textOrNil(value))
			}
			object := tftypes.Object{AttributeTypes: attributes}
			identity, err := tfprotov6.NewDynamicValue(object, tftypes.NewValue(object, values))
			if err != nil {
				t.Fatal(err)
			}
			response, err := server.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{
				TypeName: test.typeName, Identity: &tfprotov6.ResourceIdentityData{IdentityData: &identity},
			})
			if err != nil {
				t.Fatal(err)
			}
			if refused := len(response.Diagnostics) > 0; refused != test.refused {
				t.Fatalf("refused: %t, want %t: %v", refused, test.refused, response.Diagnostics)
			}
			if test.refused {
				return
			}
			values["org_id"] = tftypes.NewValue(tftypes.String, textOrNil(test.imported))
			returned, err := response.ImportedResources[0].Identity.IdentityData.Unmarshal(object)
			if err != nil || !returned.Equal(tftypes.NewValue(object, values)) {
				t.Errorf("the imported object has the identity %s (%v)", returned, err)
			}
		})
	}
}

func textOrNil(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// configured is a provider that was configured by its environment alone.
func configured(t *testing.T, env map[string]string) tfprotov6.ProviderServer {
	t.Helper()
	server, err := acctest.Provider(env)()
	if err != nil {
		t.Fatal(err)
	}
	schema, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	object, _ := schema.Provider.ValueType().(tftypes.Object)
	nothing := map[string]tftypes.Value{}
	for attribute, kind := range object.AttributeTypes {
		nothing[attribute] = tftypes.NewValue(kind, nil)
	}
	config, err := tfprotov6.NewDynamicValue(object, tftypes.NewValue(object, nothing))
	if err != nil {
		t.Fatal(err)
	}
	response, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: &config})
	if err != nil || len(response.Diagnostics) > 0 {
		t.Fatalf("%v %v", err, response)
	}
	return server
}
