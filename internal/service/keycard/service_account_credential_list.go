package keycard

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/listing"
	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/keycard/keycardapi"
)

var _ list.ListResourceWithConfigure = (*credentialResource)(nil)

func newCredentialList() list.ListResource { return &credentialResource{} }

// credentialQuery is which credentials are asked for.
type credentialQuery struct {
	OrganizationID   types.String `tfsdk:"organization_id"`
	ServiceAccountID types.String `tfsdk:"service_account_id"`
	Name             types.String `tfsdk:"name"`
	listing.Age
	listing.Use
}

func (q credentialQuery) matches(found keycardapi.Credential, c *console) bool {
	now := c.ServerNow()
	return listing.IsNamed(q.Name, found.Name) && q.IsOldEnough(found.CreatedAt, now) && q.IsIdleEnough(service.IdleSince(found.CreatedAt, found.LastUsedAt), now)
}

// ListResourceConfigSchema implements list.ListResource.
func (r *credentialResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds credentials of the service accounts of a Keycard organization, to import them or to look them over. Their secrets are not readable.",
		Attributes: map[string]schema.Attribute{
			"organization_id": organizationFilter(),
			"service_account_id": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Id of the service account to look in. Without, every account of the organization is looked in, which takes a request for each.",
				Validators:          idValidators(),
			},
			"name":       nameFilter("a credential"),
			"older_than": listing.OlderThan(),
			"unused_for": listing.UnusedFor(),
		},
	}
}

// List implements list.ListResource.
func (r *credentialResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var query credentialQuery
	diags := req.Config.Get(ctx, &query)
	console, ok := r.Client(&diags)
	if !ok || diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = listing.Stream(ctx, req, func(results *listing.Results) diag.Diagnostics {
		var prior credentialModel
		organization, diags := console.chosenOrganization(ctx, query.OrganizationID)
		diags.Append(results.Blank(&prior)...)
		if diags.HasError() {
			return diags
		}
		prior.OrganizationID, prior.ServiceAccountID = organization, query.ServiceAccountID
		if !query.ServiceAccountID.IsNull() {
			_, diags := console.findCredentials(ctx, query, prior, results)
			return diags
		}
		return console.findAllCredentials(ctx, query, prior, results)
	})
}

// findAllCredentials looks in one account after the other.
func (c *console) findAllCredentials(ctx context.Context, query credentialQuery, prior credentialModel, results *listing.Results) diag.Diagnostics {
	for account, err := range c.EachServiceAccount(ctx, prior.OrganizationID.ValueString()) {
		if err != nil {
			return diag.Diagnostics{c.failure("list", serviceAccountNoun+"s", "", err)}
		}
		prior.ServiceAccountID = types.StringValue(account.ID)
		if more, diags := c.findCredentials(ctx, query, prior, results); !more {
			return diags
		}
	}
	return nil
}

// findCredentials looks in the account of prior, and tells whether more are wanted. An account that went meanwhile has none.
func (c *console) findCredentials(
	ctx context.Context, query credentialQuery, prior credentialModel, results *listing.Results,
) (more bool, diags diag.Diagnostics) {
	account := prior.ServiceAccountID.ValueString()
	for found, err := range c.EachCredential(ctx, prior.OrganizationID.ValueString(), account) {
		switch {
		case keycardapi.IsGone(err) && query.ServiceAccountID.IsNull():
			return true, nil
		case keycardapi.IsGone(err):
			return false, diag.Diagnostics{noAccount(account)}
		case err != nil:
			return false, diag.Diagnostics{c.failure("list", credentialNoun+"s", "service account "+account, err)}
		case !query.matches(found, c):
			continue
		}
		state := credentialState(&found, prior)
		if !results.Add(found.Name, state.identity(), state) {
			return false, nil
		}
	}
	return true, nil
}
