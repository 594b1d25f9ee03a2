package keycard_test

import (
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
	"github.com/machineid/terraform-provider-machineid/internal/service/keycard"
)

// FuzzImportIDs reads any text as the import id of an account and of a credential.
func FuzzImportIDs(f *testing.F) {
	for _, id := range []string{
		"organizations/o/service-accounts/a", "organizations/o/service-accounts/a/credentials/k", "organizations/o/service-accounts/..",
		"organizations/o\x1b/service-accounts/a", "organizations//service-accounts/a", "o/a", "", "organizations/o/service-accounts/a\n",
	} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		for _, read := range []func(string) ([]string, string){keycard.ImportedAccount, keycard.ImportedCredential} {
			segments, again := read(id)
			if segments == nil {
				continue
			}
			if again != id {
				t.Fatalf("%q was read as %q, which is written %q", id, segments, again)
			}
			acctest.MustBeSegments(t, id, segments...)
		}
	})
}
