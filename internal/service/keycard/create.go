package keycard

import (
	"context"

	"github.com/machineid/terraform-provider-machineid/internal/outcome"
	"github.com/machineid/terraform-provider-machineid/internal/service/keycard/keycardapi"
)

// createAccount makes a service account, and finds out what became of it if the answer is lost.
func (c *console) createAccount(ctx context.Context, plan serviceAccountModel) (*keycardapi.ServiceAccount, error) {
	organization := plan.OrganizationID.ValueString()
	return outcome.Create(ctx, c.ledger, outcome.Creation[keycardapi.ServiceAccount]{
		Place: "the list of service accounts of organization " + organization,
		Name:  plan.Name.ValueString(),
		Make: func(ctx context.Context) (*keycardapi.ServiceAccount, error) {
			return c.CreateServiceAccount(ctx, organization, plan.fields())
		},
		ID: func(made *keycardapi.ServiceAccount) string { return made.ID },
		List: func(ctx context.Context) ([]outcome.Object, error) {
			accounts, err := c.ServiceAccounts(ctx, organization, false)
			if err != nil {
				return nil, err
			}
			objects := make([]outcome.Object, len(accounts.Items))
			for i, account := range accounts.Items {
				objects[i] = outcome.Object{ID: account.ID, Name: account.Name, Created: account.CreatedAt}
			}
			return objects, nil
		},
		Found: func(id string) *keycardapi.ServiceAccount { return &keycardapi.ServiceAccount{ID: id} },
	})
}

// createCredential makes a credential, and finds out what became of it if the answer is lost.
func (c *console) createCredential(ctx context.Context, plan credentialModel) (*keycardapi.Credential, error) {
	creation := c.credentialCreation(plan.OrganizationID.ValueString(), plan.ServiceAccountID.ValueString(), plan.fields())
	creation.Found = func(id string) *keycardapi.Credential { return &keycardapi.Credential{ID: id} }
	return outcome.Create(ctx, c.ledger, creation)
}

// openCredential is [console.createCredential] for a credential that no state will hold: nothing is taken for one that was
// lost.
func (c *console) openCredential(ctx context.Context, organization, account string, fields keycardapi.Fields) (*keycardapi.Credential, error) {
	return outcome.Create(ctx, c.ledger, c.credentialCreation(organization, account, fields))
}

func (c *console) credentialCreation(organization, account string, fields keycardapi.Fields) outcome.Creation[keycardapi.Credential] {
	return outcome.Creation[keycardapi.Credential]{
		Place: "the list of credentials of service account " + account,
		Name:  fields.Name,
		Make: func(ctx context.Context) (*keycardapi.Credential, error) {
			return c.CreateCredential(ctx, organization, account, fields)
		},
		ID: func(made *keycardapi.Credential) string { return made.ID },
		List: func(ctx context.Context) ([]outcome.Object, error) {
			credentials, err := c.Credentials(ctx, organization, account, false)
			if err != nil {
				return nil, err
			}
			objects := make([]outcome.Object, len(credentials.Items))
			for i, found := range credentials.Items {
				objects[i] = outcome.Object{ID: found.ID, Name: found.Name, Created: found.CreatedAt}
			}
			return objects, nil
		},
	}
}
