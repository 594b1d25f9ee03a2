package neowit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/machineid/terraform-provider-machineid/internal/outcome"
	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/neowit/neowitapi"
)

// adopts tells whether a failed creation is to take over what has the name. A mere find is never enough: the server must
// have refused the name, and not to a repeat of our own request.
func (t *tenant) adopts(err error) bool {
	return t.adoptExisting && neowitapi.IsConflict(err) && !outcome.IsUnresolved(err)
}

// adoptAccount takes over the service account that has the name of a new one, and gives it the planned values.
func (t *tenant) adoptAccount(ctx context.Context, plan serviceAccountModel, conflict error) (*neowitapi.ServiceAccount, diag.Diagnostics) {
	organization := plan.OrgID.ValueString()
	accounts, err := t.ServiceAccounts(ctx, organization)
	if err != nil {
		return nil, diag.Diagnostics{t.failure("adopt", serviceAccountNoun, plan.object(), err)}
	}
	var named []*neowitapi.ServiceAccount
	for i := range accounts {
		if accounts[i].Name == plan.Name.ValueString() {
			named = append(named, &accounts[i])
		}
	}
	if len(named) != 1 {
		return nil, diag.Diagnostics{t.accountNotCreated(ctx, plan, conflict)}
	}
	found := named[0]
	state := serviceAccountState(found, plan)
	diags := t.guardBasicAuth(ctx, state, plan, service.AtApply)
	if diags.HasError() {
		return nil, diags
	}
	if plan.fields() != state.fields() {
		if err := t.UpdateServiceAccount(ctx, organization, found.ID, plan.fields()); err != nil {
			return nil, diag.Diagnostics{t.failure("adopt", serviceAccountNoun, state.object(), err)}
		}
	}
	diags.Append(service.Adopted(serviceAccountNoun, state.object(), ""))
	return found, diags
}
