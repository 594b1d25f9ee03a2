package dttest

import (
	"cmp"
	"slices"
	"strings"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
)

// Objects lists everything but organizations, roles and users, oldest first; also what the API does not show yet.
func (f *Fake) Objects() map[string][]stage.Object {
	f.mu.Lock()
	defer f.mu.Unlock()
	objects := map[string][]stage.Object{
		"projects": {}, "service_accounts": {}, "service_account_keys": {},
		"project_members": {}, "organization_members": {},
	}
	for _, p := range f.db.Projects {
		objects["projects"] = append(objects["projects"], stage.Object{
			ID: p.ID, Parent: p.organization(), Name: p.DisplayName, Created: p.Created, Seeded: p.Seeded,
		})
	}
	for _, a := range f.db.Accounts {
		objects["service_accounts"] = append(objects["service_accounts"], stage.Object{
			ID: a.ID, Parent: a.parent(), Name: a.DisplayName, Created: a.Created, Seeded: a.Seeded,
			More: map[string]any{"enable_basic_auth": a.EnableBasicAuth, "email": a.email()},
		})
	}
	for _, k := range f.db.Keys {
		objects["service_account_keys"] = append(objects["service_account_keys"], stage.Object{
			ID: k.ID, Parent: f.db.accountOf(k).name(), Name: k.ID, Created: k.Created, Seeded: k.Seeded,
		})
	}
	for _, m := range f.db.Members {
		noun := "project_members"
		if strings.HasPrefix(m.Parent, organizations+"/") {
			noun = "organization_members"
		}
		seen := f.wireMember(m)
		objects[noun] = append(objects[noun], stage.Object{
			ID: m.ID, Parent: m.Parent, Name: seen.Email, Created: m.Created, Seeded: m.Seeded,
			More: map[string]any{"role": m.Role, "account_type": seen.AccountType, "status": seen.Status},
		})
	}
	for _, list := range objects {
		slices.SortFunc(list, func(a, b stage.Object) int {
			return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.Parent, b.Parent), cmp.Compare(a.ID, b.ID))
		})
	}
	return objects
}
