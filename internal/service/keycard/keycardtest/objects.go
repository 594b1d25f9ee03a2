package keycardtest

import "github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"

// Objects lists everything in the order in which it was made; also what the API does not show yet.
func (f *Fake) Objects() map[string][]stage.Object {
	f.mu.Lock()
	defer f.mu.Unlock()
	accounts, credentials := []stage.Object{}, []stage.Object{}
	for _, a := range f.db.sortedAccounts() {
		accounts = append(accounts, stage.Object{
			ID: a.ID, Parent: a.OrganizationID, Name: a.Name, Created: a.Created, Seeded: a.Seeded,
			More: map[string]any{"organization_id": a.OrganizationID, "description": a.Description},
		})
	}
	for _, k := range f.db.sortedCredentials() {
		credentials = append(credentials, stage.Object{
			ID: k.ID, Parent: k.AccountID, Name: k.Name, Created: k.Created, Seeded: k.Seeded,
			More: map[string]any{
				"organization_id": f.db.accountOf(k).OrganizationID, "client_id": k.ClientID, "description": k.Description,
			},
		})
	}
	return map[string][]stage.Object{"service_accounts": accounts, "service_account_credentials": credentials}
}
