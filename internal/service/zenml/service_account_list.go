package zenml

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/listing"
)

var _ list.ListResourceWithConfigure = (*serviceAccountResource)(nil)

func newServiceAccountList() list.ListResource { return &serviceAccountResource{} }

// serviceAccountQuery is which accounts are asked for.
type serviceAccountQuery struct {
	Name   types.String `tfsdk:"name"`
	Active types.Bool   `tfsdk:"active"`
	listing.Age
}

// ListResourceConfigSchema implements list.ListResource.
func (r *serviceAccountResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds service accounts of a ZenML server, to import them or to look them over.",
		Attributes: map[string]schema.Attribute{
			"name":       nameFilter(),
			"active":     activeFilter("accounts"),
			"older_than": listing.OlderThan(),
		},
	}
}

func nameFilter() schema.StringAttribute {
	return schema.StringAttribute{
		Optional:            true,
		MarkdownDescription: "Only what has this name, to the letter.",
		Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
	}
}

func activeFilter(nouns string) schema.BoolAttribute {
	return schema.BoolAttribute{Optional: true, MarkdownDescription: "Only " + nouns + " that are active, or only those that are not."}
}

// List implements list.ListResource.
func (r *serviceAccountResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var query serviceAccountQuery
	diags := req.Config.Get(ctx, &query)
	server, ok := r.Client(&diags)
	if !ok || diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = listing.Stream(ctx, req, func(results *listing.Results) diag.Diagnostics {
		return server.findAccounts(ctx, query, results)
	})
}

func (s *server) findAccounts(ctx context.Context, query serviceAccountQuery, results *listing.Results) diag.Diagnostics {
	var prior serviceAccountModel
	if diags := results.Blank(&prior); diags.HasError() {
		return diags
	}
	for account, err := range s.EachServiceAccount(ctx) {
		if err != nil {
			return diag.Diagnostics{s.failure("list", serviceAccountNoun+"s", "", err)}
		}
		if !listing.IsNamed(query.Name, account.Name) || !isAsActive(query.Active, account.Active) || !query.IsOldEnough(account.Created.Time, s.ServerNow()) {
			continue
		}
		state := serviceAccountState(account, prior)
		if !results.Add(account.Name, serviceAccountIdentity{ID: state.ID}, state) {
			return nil
		}
	}
	return nil
}

// isAsActive tells whether something is as active as is asked for; null asks for any.
func isAsActive(wanted types.Bool, active bool) bool {
	return wanted.IsNull() || wanted.ValueBool() == active
}
