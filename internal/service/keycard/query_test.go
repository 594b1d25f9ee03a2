package keycard_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// Everything that a query finds is imported by the configuration that the CLI writes for it, and then nothing is to be done.
func TestWhatIsFoundCanBeImported(t *testing.T) {
	t.Parallel()
	server := target(t)
	account := server.hand.createAccount(t, "by hand")
	server.hand.patch(t, account, map[string]any{"description": "nobody knows"})
	server.hand.createCredential(t, account, "one")
	server.hand.createCredential(t, account, "two")
	for name, test := range map[string]struct {
		typeName, config string
		count            int
	}{
		"accounts":    {accountType, "", 2},
		"credentials": {credentialType, line("service_account_id", account), 2},
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

// A broken page fails the query. The CLI shows nothing of a list block that failed: the documentation says so.
func TestAQueryWithABrokenPage(t *testing.T) {
	t.Parallel()
	acctest.RequireQuery(t)
	server := pagesOfAccounts(t)
	env := server.box.Between(t, acctest.Between{Rewrite: func(request *http.Request, answer string) string {
		if request.URL.Query().Has("after") {
			return "<html>"
		}
		return answer
	}})
	w := acctest.NewWorkspace(t, env)
	printed, err := w.Query(fmt.Sprintf("list %q \"found\" {\n  provider = machineid\n  limit    = 1000\n}\n", accountType))
	if err == nil || !acctest.Said(printed, "Cannot list Keycard service accounts") {
		t.Errorf("the query ends with %v:\n%s", err, printed)
	}
	if shown := strings.Count(printed, "list."+accountType+".found "); shown > 0 {
		t.Errorf("the CLI shows %d accounts: the guides may tell that", shown)
	}
}
