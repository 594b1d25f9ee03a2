package keycard_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/go-version"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// Whatever spelling an import and a configuration have, an empty plan follows.
func TestImportInEverySpelling(t *testing.T) {
	t.Parallel()
	server := target(t)
	account := server.hand.createAccount(t, "ci")
	credential, _, _ := server.hand.createCredential(t, account, "ci")
	for name, test := range map[string]struct{ imported, configured string }{
		"by id":                       {server.own, ""},
		"by label":                    {ownLabel, ""},
		"by id, and so configured":    {server.own, server.own},
		"by label, and so configured": {ownLabel, ownLabel},
		"by id, configured by label":  {server.own, ownLabel},
		"by label, configured by id":  {ownLabel, server.own},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewWorkspace(t, server.env)
			w.Write("main.tf", bothIn("ci", test.configured))
			place := "organizations/" + test.imported + "/service-accounts/" + account
			for address, id := range map[string]string{accountAddress: place, credentialAddress: place + "/credentials/" + credential} {
				w.MustImport(address, id)
			}
			w.MustBeQuiet()
			for _, address := range []string{accountAddress, credentialAddress} {
				if got := w.Value(address, "organization_id"); got != test.imported || w.Value(address, "created_at") == nil {
					t.Errorf("%s was imported with the organization %v, want %q", address, got, test.imported)
				}
			}
			if w.Value(credentialAddress, "client_secret") != nil || w.Value(credentialAddress, "client_id") == nil {
				t.Error("an imported credential has a secret, or no client id")
			}
		})
	}
}

// A map that comes to an imported credential replaces nothing; one that changes then does, and brings a secret.
func TestAnImportedCredentialIsRotatedOnRequest(t *testing.T) {
	t.Parallel()
	server := target(t)
	account := server.hand.createAccount(t, "holder")
	credential, _, _ := server.hand.createCredential(t, account, "ci")
	w := acctest.NewWorkspace(t, server.env)
	configuration := func(quarter string) {
		w.Write("main.tf", credentialOf(quoted(account), fmt.Sprintf("rotate_when_changed = { quarter = %q }", quarter)))
	}
	configuration("1")
	w.MustImport(credentialAddress, "organizations/acme/service-accounts/"+account+"/credentials/"+credential)
	if plan, printed, _ := w.Plan(); acctest.Actions(plan, credentialAddress) != "update" {
		t.Errorf("a map that comes:\n%s", printed)
	}
	w.MustApply(w.SavedPlan())
	w.MustBeQuiet()
	configuration("2")
	w.MustApply()
	w.MustBeQuiet()
	clientID, _ := w.Value(credentialAddress, "client_id").(string)
	secret, _ := w.Value(credentialAddress, "client_secret").(string)
	if id := w.Value(credentialAddress, "id"); id == credential || !server.accepts(t, clientID, secret) {
		t.Errorf("the credential is %v, with a secret: %t", id, secret != "")
	}
	w.MustDestroy()
}

func TestImportsThatFail(t *testing.T) {
	t.Parallel()
	server := target(t)
	account, other := server.hand.createAccount(t, "ci"), server.hand.createAccount(t, "other")
	credential, _, _ := server.hand.createCredential(t, account, "ci")
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", bothIn("ci", ""))
	const (
		nobody       = "00000000000000000000000000"
		notThere     = "Cannot import non-existent remote object"
		ofAccount    = "A Keycard service account is imported by organizations/<organization id or label>/service-accounts/<id>, not by"
		ofCredential = "A Keycard credential is imported by organizations/<organization id or label>/service-accounts/<service account id>/credentials/<id>, not by"
	)
	place := "organizations/acme/service-accounts/" + account
	for _, test := range []struct {
		address, id string
		want        []string
	}{
		{accountAddress, account, []string{"Invalid import id", ofAccount, "finds the id by name"}},
		{accountAddress, place + "/", []string{"Invalid import id", ofAccount}},
		{accountAddress, "/" + place, []string{"Invalid import id", ofAccount}},
		{accountAddress, place + "/credentials/" + credential, []string{"Invalid import id", ofAccount}},
		{accountAddress, "organizations//service-accounts/" + account, []string{"Invalid import id", ofAccount}},
		{accountAddress, "organizations/acme/service-accounts/two words", []string{"Invalid import id", ofAccount}},
		{accountAddress, "organizations/acme/service-accounts/" + nobody, []string{notThere}},
		{credentialAddress, credential, []string{"Invalid import id", ofCredential, "finds the id by name"}},
		{credentialAddress, place, []string{"Invalid import id", ofCredential}},
		{credentialAddress, place + "/credentials/", []string{"Invalid import id", ofCredential}},
		{credentialAddress, place + "/credentials/" + credential + "/x", []string{"Invalid import id", ofCredential}},
		{credentialAddress, place + "/credentials/" + nobody, []string{notThere}},
		// A credential is found in its own account only.
		{credentialAddress, strings.Replace(place, account, other, 1) + "/credentials/" + credential, []string{notThere}},
		{credentialAddress, strings.Replace(place, account, nobody, 1) + "/credentials/" + credential, []string{notThere}},
	} {
		if printed, err := w.Import(test.address, test.id); err == nil || !acctest.Said(printed, test.want...) {
			t.Errorf("the import by %q must say %q; it ended with %v:\n%s", test.id, test.want, err, printed)
		}
	}
	if w.State().Values != nil {
		t.Error("something was imported")
	}
}

func TestImportByIdentity(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t, version.Must(version.NewVersion("1.12.0")), "import by identity")
	server := target(t)
	account := server.hand.createAccount(t, "ci")
	credential, _, _ := server.hand.createCredential(t, account, "ci")
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", bothIn("ci", "")+fmt.Sprintf(`
import {
  to       = %s
  identity = { organization_id = "acme", id = %q }
}
import {
  to       = %s
  identity = { organization_id = %q, service_account_id = %q, id = %q }
}
`, accountAddress, account, credentialAddress, server.own, account, credential))
	w.MustApply()
	w.MustBeQuiet()
	if w.Value(accountAddress, "id") != account || w.Value(credentialAddress, "id") != credential || w.Value(accountAddress, "organization_id") != ownLabel {
		t.Error("something else was imported")
	}
}

// An import by identity needs Terraform 1.12. This test asks the provider as such a CLI would, so that it runs whatever
// CLI is at hand.
func TestImportByIdentityOverTheProtocol(t *testing.T) {
	t.Parallel()
	const account, credential = "machineid_keycard_service_account", "machineid_keycard_service_account_credential"
	for name, test := range map[string]struct {
		typeName string
		identity map[string]any
		refused  bool
	}{
		"an account":                     {account, map[string]any{"organization_id": "acme", "id": "a"}, false},
		"a credential":                   {credential, map[string]any{"organization_id": "acme", "service_account_id": "a", "id": "c"}, false},
		"an account with a slash":        {account, map[string]any{"organization_id": "acme", "id": "a/b"}, true},
		"an organization with a slash":   {account, map[string]any{"organization_id": "acme/x", "id": "a"}, true},
		"an account of no organization":  {account, map[string]any{"organization_id": "", "id": "a"}, true},
		"a credential without an id":     {credential, map[string]any{"organization_id": "acme", "service_account_id": "a", "id": ""}, true},
		"a credential without a account": {credential, map[string]any{"organization_id": "acme", "service_account_id": "", "id": "c"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := map[string]string{"KEYCARD_ENDPOINT": nobodyListens, "KEYCARD_CLIENT_ID": "id-of-this-test", "KEYCARD_CLIENT_SECRET": "secret-of-this-test"}
			imported, errors := acctest.ImportByIdentity(t, env, test.typeName, test.identity)
			if refused := len(errors) > 0; refused != test.refused {
				t.Fatalf("refused: %t, want %t: %q", refused, test.refused, errors)
			}
			if !test.refused && !maps.Equal(imported, test.identity) {
				t.Errorf("the imported object has the identity %v", imported)
			}
		})
	}
}
