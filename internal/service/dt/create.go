package dt

import (
	"context"
	"strings"

	"github.com/machineid/terraform-provider-machineid/internal/outcome"
	"github.com/machineid/terraform-provider-machineid/internal/service/dt/dtapi"
)

// createAccount makes a service account, and finds out what became of it if the answer is lost.
func (s *studio) createAccount(ctx context.Context, plan serviceAccountModel) (*dtapi.ServiceAccount, error) {
	project := fullProject(plan.Project.ValueString())
	return outcome.Create(ctx, s.ledger, outcome.Creation[dtapi.ServiceAccount]{
		Place: "the list of service accounts of " + project,
		Name:  plan.DisplayName.ValueString(),
		Make: func(ctx context.Context) (*dtapi.ServiceAccount, error) {
			return s.CreateServiceAccount(ctx, project, plan.create())
		},
		ID: func(made *dtapi.ServiceAccount) string { return made.Name },
		List: func(ctx context.Context) ([]outcome.Object, error) {
			accounts, err := s.ServiceAccounts(ctx, project)
			objects := make([]outcome.Object, len(accounts))
			for i, account := range accounts {
				objects[i] = outcome.Object{ID: account.Name, Name: account.DisplayName, Created: account.CreateTime}
			}
			return objects, err
		},
		Found: func(name string) *dtapi.ServiceAccount { return &dtapi.ServiceAccount{Name: name} },
	})
}

// createKey makes a key, and finds out what became of it if the answer is lost. Keys have no names of their own.
func (s *studio) createKey(ctx context.Context, account string) (*dtapi.Key, error) {
	creation := s.keyCreation(account)
	creation.Found = func(name string) *dtapi.Key { return &dtapi.Key{Name: name, ID: lastSegment(name)} }
	return outcome.Create(ctx, s.ledger, creation)
}

// openKey is [studio.createKey] for a key that no state will hold: nothing is taken for one that was lost.
func (s *studio) openKey(ctx context.Context, account string) (*dtapi.Key, error) {
	return outcome.Create(ctx, s.ledger, s.keyCreation(account))
}

func (s *studio) keyCreation(account string) outcome.Creation[dtapi.Key] {
	return outcome.Creation[dtapi.Key]{
		Place: "the list of keys of " + account,
		Make:  func(ctx context.Context) (*dtapi.Key, error) { return s.CreateKey(ctx, account) },
		ID:    func(made *dtapi.Key) string { return made.Name },
		List: func(ctx context.Context) ([]outcome.Object, error) {
			keys, err := s.Keys(ctx, account)
			objects := make([]outcome.Object, len(keys))
			for i, key := range keys {
				objects[i] = outcome.Object{ID: key.Name, Created: key.CreateTime}
			}
			return objects, err
		},
	}
}

// createMember gives somebody a role in a project or an organization, and finds out what became of that if the answer is
// lost.
func (s *studio) createMember(ctx context.Context, parent, email, role string) (*dtapi.Member, error) {
	return outcome.Create(ctx, s.ledger, outcome.Creation[dtapi.Member]{
		Place: "the list of members of " + parent,
		Name:  strings.ToLower(email),
		Make:  func(ctx context.Context) (*dtapi.Member, error) { return s.CreateMember(ctx, parent, email, role) },
		ID:    func(made *dtapi.Member) string { return made.Name },
		List: func(ctx context.Context) ([]outcome.Object, error) {
			members, err := s.Members(ctx, parent)
			objects := make([]outcome.Object, len(members))
			for i, member := range members {
				objects[i] = outcome.Object{ID: member.Name, Name: strings.ToLower(member.Email), Created: member.CreateTime}
			}
			return objects, err
		},
		Found: func(name string) *dtapi.Member { return &dtapi.Member{Name: name, Email: email, Roles: []string{role}} },
	})
}
