package neowittest

import (
	"cmp"
	"slices"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
)

// Objects lists everything in the order in which it was made; also what the API does not show yet. Organizations are
// among it because the API names none, and somebody who tries the child has to learn its id.
func (f *Fake) Objects() map[string][]stage.Object {
	f.mu.Lock()
	defer f.mu.Unlock()
	organizations, accounts, keys := []stage.Object{}, []stage.Object{}, []stage.Object{}
	for _, o := range f.db.Organizations {
		organizations = append(organizations, stage.Object{
			ID: o.ID, Parent: o.ParentID, Name: o.Name, Created: o.Created, Seeded: true,
		})
	}
	slices.SortFunc(organizations, func(a, b stage.Object) int {
		return cmp.Or(cmp.Compare(a.Parent, b.Parent), cmp.Compare(a.Name, b.Name))
	})
	for _, a := range f.db.sortedAccounts() {
		accounts = append(accounts, stage.Object{
			ID: a.ID, Parent: a.OrganizationID, Name: a.Name, Created: a.Created, Seeded: a.Seeded,
			More: map[string]any{"org_id": a.OrganizationID, "enable_basic_auth": a.EnableBasicAuth},
		})
	}
	for _, k := range f.db.sortedKeys() {
		keys = append(keys, stage.Object{
			ID: k.ID, Parent: k.AccountID, Name: k.ID, Created: k.Created, Seeded: k.Seeded,
		})
	}
	return map[string][]stage.Object{
		"organizations": organizations, "service_accounts": accounts, "service_account_keys": keys,
	}
}
