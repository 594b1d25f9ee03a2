package neowit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/listing"
)

var _ list.ListResourceWithConfigure = (*serviceAccountResource)(nil)

func newServiceAccountList() list.ListResource { return &serviceAccountResource{} }

// serviceAccountQuery is which accounts are asked for.
type serviceAccountQuery struct {
	OrgID types.String `tfsdk:"org_id"`
	Name  types.String `tfsdk:"name"`
	listing.Age
}

// ListResourceConfigSchema implements list.ListResource.
func (r *serviceAccountResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds service accounts of a Neowit organization, to import them or to look them over. It relies on a call that Neowit does not document.",
		Attributes: map[string]schema.Attribute{
			"org_id": organizationFilter(),
			"name": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Only the account with this name, to the letter.",
				Validators:          nameValidators(),
			},
			"older_than": listing.OlderThan(),
		},
	}
}

func organizationFilter() schema.StringAttribute {
	return schema.StringAttribute{
		Optional:            true,
		MarkdownDescription: "The organization to look in. Default: the provider's `org_id`, else the caller's own, which is null in the results.",
		Validators:          idValidators(),
	}
}

// List implements list.ListResource.
func (r *serviceAccountResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var query serviceAccountQuery
	diags := req.Config.Get(ctx, &query)
	tenant, ok := r.Client(&diags)
	if !ok || diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = listing.Stream(ctx, req, func(results *listing.Results) diag.Diagnostics {
		return tenant.findAccounts(ctx, query, results)
	})
}

// findAccounts looks in the one page that a list has. What it holds is told, even if it names another.
func (t *tenant) findAccounts(ctx context.Context, query serviceAccountQuery, results *listing.Results) diag.Diagnostics {
	var prior serviceAccountModel
	if diags := results.Blank(&prior); diags.HasError() {
		return diags
	}
	prior.OrgID = t.newOrganization(query.OrgID)
	accounts, err := t.ServiceAccounts(ctx, prior.OrgID.ValueString())
	for _, account := range accounts {
		if !listing.IsNamed(query.Name, account.Name) || !query.IsOldEnough(account.Created.Time(), t.ServerNow()) {
			continue
		}
		state := serviceAccountState(&account, prior)
		if !results.Add(account.Name, state.identity(), state) {
			return nil
		}
	}
	if err != nil {
		return diag.Diagnostics{t.failure("list", serviceAccountNoun+"s", "", err)}
	}
	return nil
}
