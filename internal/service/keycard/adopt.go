package keycard

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/machineid/terraform-provider-machineid/internal/outcome"
	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/keycard/keycardapi"
)

// adopts tells whether a failed creation is to take over what has the name. A mere find is never enough: the server must
// have refused the name, and not to a repeat of our own request. Only accounts are: a credential's secret is lost.
func (c *console) adopts(err error) bool {
	return c.adoptExisting && keycardapi.IsConflict(err) && !outcome.IsUnresolved(err)
}

// adoptAccount takes over the service account that has the name of a new one, and gives it the planned description.
func (c *console) adoptAccount(ctx context.Context, plan serviceAccountModel, conflict error) (*keycardapi.ServiceAccount, diag.Diagnostics) {
	organization := plan.OrganizationID.ValueString()
	accounts, err := c.ServiceAccounts(ctx, organization, false)
	if err != nil {
		return nil, diag.Diagnostics{c.failure("adopt", serviceAccountNoun, plan.object(), err)}
	}
	var found []*keycardapi.ServiceAccount
	for i := range accounts.Items {
		if accounts.Items[i].Name == plan.Name.ValueString() {
			found = append(found, &accounts.Items[i])
		}
	}
	if len(found) != 1 {
		return nil, diag.Diagnostics{c.accountNotCreated(ctx, plan, conflict)}
	}
	state := serviceAccountState(found[0], plan)
	if change := state.change(plan); change != (keycardapi.Change{}) {
		if err := c.UpdateServiceAccount(ctx, organization, found[0].ID, service.Time(state.CreatedAt), change); err != nil {
			return nil, diag.Diagnostics{c.failure("adopt", serviceAccountNoun, state.object(), err)}
		}
	}
	return found[0], diag.Diagnostics{service.Adopted(serviceAccountNoun, state.object(), "")}
}
