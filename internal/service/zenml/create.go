package zenml

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/machineid/terraform-provider-machineid/internal/outcome"
	"github.com/machineid/terraform-provider-machineid/internal/service/zenml/zenmlapi"
)

// createAccount makes a service account, and finds out what became of it if the answer is lost.
func (s *server) createAccount(ctx context.Context, plan serviceAccountModel) (*zenmlapi.ServiceAccount, error) {
	create := plan.create()
	create.IdempotencyKey = zenmlapi.NewIdempotencyKey()
	return outcome.Create(ctx, s.ledger, outcome.Creation[zenmlapi.ServiceAccount]{
		Place: "the list of service accounts",
		Name:  create.Name,
		Make: func(ctx context.Context) (*zenmlapi.ServiceAccount, error) {
			return s.CreateServiceAccount(ctx, create)
		},
		Replays: true,
		ID:      func(made *zenmlapi.ServiceAccount) string { return made.ID },
		List: func(ctx context.Context) ([]outcome.Object, error) {
			found, err := s.ServiceAccountByName(ctx, plan.Name.ValueString())
			if errors.Is(err, zenmlapi.ErrNoSuchName) {
				return nil, nil
			}
			if err != nil {
				return nil, err
			}
			return []outcome.Object{{ID: found.ID, Name: found.Name, Created: found.Created.Time}}, nil
		},
		Found: func(id string) *zenmlapi.ServiceAccount { return &zenmlapi.ServiceAccount{ID: id} },
	})
}

// makeKey makes an API key, or adopts the one that has its name, if the settings say so. It may return both a key and an
// error: something is wrong with what was made.
func (s *server) makeKey(ctx context.Context, plan apiKeyModel) (key *zenmlapi.APIKey, adopted bool, diags diag.Diagnostics) {
	key, err := s.createKey(ctx, plan)
	switch {
	case s.adopts(err):
		key, diags = s.adoptKey(ctx, plan, err)
		return key, true, diags
	case zenmlapi.IsConflict(err) && !outcome.IsUnresolved(err):
		return nil, false, diag.Diagnostics{s.apiKeyExists(ctx, plan, err)}
	case err != nil:
		return key, false, diag.Diagnostics{s.failure("create", apiKeyNoun, plan.object(), err)}
	}
	return key, false, nil
}

// createKey makes an API key, and finds out what became of it if the answer is lost.
func (s *server) createKey(ctx context.Context, plan apiKeyModel) (*zenmlapi.APIKey, error) {
	account, create := plan.ServiceAccountID.ValueString(), plan.create()
	creation := s.keyCreation(account, create)
	creation.Found = func(id string) *zenmlapi.APIKey {
		return &zenmlapi.APIKey{ID: id, ServiceAccountID: account, Name: create.Name, Description: create.Description, Active: true}
	}
	return outcome.Create(ctx, s.ledger, creation)
}

// openKey is [server.createKey] for a key that no state will hold: nothing is taken for one that was lost.
func (s *server) openKey(ctx context.Context, account string, create zenmlapi.APIKeyCreate) (*zenmlapi.APIKey, error) {
	return outcome.Create(ctx, s.ledger, s.keyCreation(account, create))
}

func (s *server) keyCreation(account string, create zenmlapi.APIKeyCreate) outcome.Creation[zenmlapi.APIKey] {
	create.IdempotencyKey = zenmlapi.NewIdempotencyKey()
	return outcome.Creation[zenmlapi.APIKey]{
		Place: "the list of API keys of service account " + account,
		Name:  create.Name,
		Make: func(ctx context.Context) (*zenmlapi.APIKey, error) {
			return s.CreateAPIKey(ctx, account, create)
		},
		Replays: true,
		ID:      func(made *zenmlapi.APIKey) string { return made.ID },
		List: func(ctx context.Context) ([]outcome.Object, error) {
			found, err := s.APIKeyByName(ctx, account, create.Name)
			if errors.Is(err, zenmlapi.ErrNoSuchName) {
				return nil, nil
			}
			if err != nil {
				return nil, err
			}
			return []outcome.Object{{ID: found.ID, Name: found.Name, Created: found.Created.Time}}, nil
		},
	}
}
