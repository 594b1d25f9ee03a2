package keycard

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
	OrganizationID types.String `tfsdk:"organization_id"`
	Name           types.String `tfsdk:"name"`
	listing.Age
}

// ListResourceConfigSchema implements list.ListResource.
func (r *serviceAccountResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds service accounts of a Keycard organization, to import them or to look them over.",
		Attributes: map[string]schema.Attribute{
			"organization_id": organizationFilter(),
			"name":            nameFilter("an account"),
			"older_than":      listing.OlderThan(),
		},
	}
}

func organizationFilter() schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true,
		MarkdownDescription: "The organization to look in, by id or label. Default: the provider's `organization_id`, else the one that the credential belongs to. " +
			"The results carry it as it is written here.",
		Validators: idValidators(),
	}
}

func nameFilter(noun string) schema.StringAttribute {
	return schema.StringAttribute{
		Optional:            true,
		MarkdownDescription: "Only what has this name, to the letter. The name of " + noun + " need not be unique, as far as is known.",
		Validators:          nameValidators(),
	}
}

// List implements list.ListResource.
func (r *serviceAccountResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var query serviceAccountQuery
	diags := req.Config.Get(ctx, &query)
	console, ok := r.Client(&diags)
	if !ok || diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = listing.Stream(ctx, req, func(results *listing.Results) diag.Diagnostics {
		return console.findAccounts(ctx, query, results)
	})
}

func (c *console) findAccounts(ctx context.Context, query serviceAccountQuery, results *listing.Results) diag.Diagnostics {
	var prior serviceAccountModel
	organization, diags := c.chosenOrganization(ctx, query.OrganizationID)
	diags.Append(results.Blank(&prior)...)
	if diags.HasError() {
		return diags
	}
	prior.OrganizationID = organization
	for account, err := range c.EachServiceAccount(ctx, organization.ValueString()) {
		if err != nil {
			return diag.Diagnostics{c.failure("list", serviceAccountNoun+"s", "", err)}
		}
		if !listing.IsNamed(query.Name, account.Name) || !query.IsOldEnough(account.CreatedAt, c.ServerNow()) {
			continue
		}
		state := serviceAccountState(&account, prior)
		if !results.Add(account.Name, state.identity(), state) {
			return nil
		}
	}
	return nil
}
