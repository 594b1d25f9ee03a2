package neowit

import (
	"context"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/outcome"
	"github.com/machineid/terraform-provider-machineid/internal/service/neowit/neowitapi"
)

// createAccount makes a service account, and finds out what became of it if the answer is lost.
func (t *tenant) createAccount(ctx context.Context, plan serviceAccountModel) (*neowitapi.ServiceAccount, error) {
	organization := plan.OrgID.ValueString()
	return outcome.Create(ctx, t.ledger, outcome.Creation[neowitapi.ServiceAccount]{
		Place: "the list of service accounts of " + organizationName(plan.OrgID),
		Name:  plan.Name.ValueString(),
		Make: func(ctx context.Context) (*neowitapi.ServiceAccount, error) {
			return t.CreateServiceAccount(ctx, organization, plan.fields())
		},
		ID: func(made *neowitapi.ServiceAccount) string { return made.ID },
		List: func(ctx context.Context) ([]outcome.Object, error) {
			accounts, err := t.ServiceAccounts(ctx, organization)
			objects := make([]outcome.Object, len(accounts))
			for i, account := range accounts {
				objects[i] = outcome.Object{ID: account.ID, Name: account.Name, Created: account.Created.Time()}
			}
			return objects, err
		},
		Found: func(id string) *neowitapi.ServiceAccount { return &neowitapi.ServiceAccount{ID: id} },
	})
}

// createKey makes a key, and finds out what became of it if the answer is lost. Keys have no names.
func (t *tenant) createKey(ctx context.Context, plan serviceAccountKeyModel) (*neowitapi.Key, error) {
	creation := t.keyCreation(plan.OrgID.ValueString(), plan.ServiceAccountID.ValueString())
	creation.Found = func(id string) *neowitapi.Key { return &neowitapi.Key{ID: id} }
	return outcome.Create(ctx, t.ledger, creation)
}

// openKey is [tenant.createKey] for a key that no state will hold: nothing is taken for one that was lost.
func (t *tenant) openKey(ctx context.Context, organization, account string) (*neowitapi.Key, error) {
	return outcome.Create(ctx, t.ledger, t.keyCreation(organization, account))
}

func (t *tenant) keyCreation(organization, account string) outcome.Creation[neowitapi.Key] {
	return outcome.Creation[neowitapi.Key]{
		Place: "the list of keys of service account " + account,
		Make:  func(ctx context.Context) (*neowitapi.Key, error) { return t.CreateKey(ctx, organization, account) },
		ID:    func(made *neowitapi.Key) string { return made.ID },
		List: func(ctx context.Context) ([]outcome.Object, error) {
			holder, err := t.ServiceAccount(ctx, organization, account, time.Time{})
			if err != nil {
				return nil, err
			}
			objects := make([]outcome.Object, len(holder.Keys))
			for i, key := range holder.Keys {
				objects[i] = outcome.Object{ID: key.ID, Created: key.Created.Time()}
			}
			return objects, nil
		},
	}
}
