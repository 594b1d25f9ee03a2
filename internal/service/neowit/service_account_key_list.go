package neowit

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/listing"
	"github.com/machineid/terraform-provider-machineid/internal/service/neowit/neowitapi"
)

var _ list.ListResourceWithConfigure = (*serviceAccountKeyResource)(nil)

func newServiceAccountKeyList() list.ListResource { return &serviceAccountKeyResource{} }

// serviceAccountKeyQuery is which keys are asked for.
type serviceAccountKeyQuery struct {
	OrgID            types.String `tfsdk:"org_id"`
	ServiceAccountID types.String `tfsdk:"service_account_id"`
	listing.Age
}

// ListResourceConfigSchema implements list.ListResource.
func (r *serviceAccountKeyResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds keys of the service accounts of a Neowit organization, to import them or to look them over. Their secrets are not readable, " +
			"and the server does not tell when a key was last used. It relies on a call that Neowit does not document.",
		Attributes: map[string]schema.Attribute{
			"org_id": organizationFilter(),
			"service_account_id": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Only keys of the service account with this id. Without, those of every account of the organization, which the one list has too.",
				Validators:          idValidators(),
			},
			"older_than": listing.OlderThan(),
		},
	}
}

// List implements list.ListResource.
func (r *serviceAccountKeyResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var query serviceAccountKeyQuery
	diags := req.Config.Get(ctx, &query)
	tenant, ok := r.Client(&diags)
	if !ok || diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = listing.Stream(ctx, req, func(results *listing.Results) diag.Diagnostics {
		var prior serviceAccountKeyModel
		if diags := results.Blank(&prior); diags.HasError() {
			return diags
		}
		prior.OrgID = tenant.newOrganization(query.OrgID)
		if account := query.ServiceAccountID.ValueString(); account != "" {
			return tenant.findKeysOf(ctx, query, account, prior, results)
		}
		return tenant.findKeys(ctx, query, prior, results)
	})
}

// findKeysOf looks in one account.
func (t *tenant) findKeysOf(
	ctx context.Context, query serviceAccountKeyQuery, id string, prior serviceAccountKeyModel, results *listing.Results,
) diag.Diagnostics {
	account, err := t.ServiceAccount(ctx, prior.OrgID.ValueString(), id, time.Time{})
	if err != nil {
		return diag.Diagnostics{t.failure("list", serviceAccountKeyNoun+"s", "service account "+id, err)}
	}
	t.addKeys(query, account, prior, results)
	return nil
}

// findKeys looks in every account of the one page that a list has. What it holds is told, even if it names another.
func (t *tenant) findKeys(ctx context.Context, query serviceAccountKeyQuery, prior serviceAccountKeyModel, results *listing.Results) diag.Diagnostics {
	accounts, err := t.ServiceAccounts(ctx, prior.OrgID.ValueString())
	for _, account := range accounts {
		if !t.addKeys(query, &account, prior, results) {
			return nil
		}
	}
	if err != nil {
		return diag.Diagnostics{t.failure("list", serviceAccountNoun+"s", "", err)}
	}
	return nil
}

// addKeys adds the keys of an account, and tells whether more are wanted.
func (t *tenant) addKeys(query serviceAccountKeyQuery, account *neowitapi.ServiceAccount, prior serviceAccountKeyModel, results *listing.Results) (more bool) {
	prior.ServiceAccountID = types.StringValue(account.ID)
	for _, key := range account.Keys {
		if !query.IsOldEnough(key.Created.Time(), t.ServerNow()) {
			continue
		}
		state := serviceAccountKeyState(&key, prior)
		if !results.Add(account.Name+" "+key.ID, state.identity(), state) {
			return false
		}
	}
	return true
}
