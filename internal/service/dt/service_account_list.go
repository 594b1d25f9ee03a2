package dt

import (
	"context"
	"strings"

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
	Project     types.String `tfsdk:"project"`
	DisplayName types.String `tfsdk:"display_name"`
	Email       types.String `tfsdk:"email"`
	listing.Age
}

// ListResourceConfigSchema implements list.ListResource.
func (r *serviceAccountResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds the service accounts that a DT Studio project owns, to import them or to look them over.",
		Attributes: map[string]schema.Attribute{
			"project": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "The owning project, as `projects/<id>` or `<id>`.",
				Validators:          projectValidators(),
			},
			"display_name": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Only accounts that DT Studio shows by this name, to the letter. Names need not be unique.",
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"email":      emailFilter("account"),
			"older_than": listing.OlderThan(),
		},
	}
}

func emailFilter(noun string) schema.StringAttribute {
	return schema.StringAttribute{
		Optional:            true,
		MarkdownDescription: "Only the " + noun + " with this e-mail address, whether in upper or in lower case.",
		Validators:          emailValidators(),
	}
}

// isAddressed tells whether an e-mail address is the one that is asked for; null asks for any.
func isAddressed(wanted types.String, email string) bool {
	return wanted.IsNull() || strings.EqualFold(wanted.ValueString(), email)
}

// List implements list.ListResource.
func (r *serviceAccountResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var query serviceAccountQuery
	diags := req.Config.Get(ctx, &query)
	studio, ok := r.Client(&diags)
	if !ok || diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = listing.Stream(ctx, req, func(results *listing.Results) diag.Diagnostics {
		return studio.findAccounts(ctx, query, results)
	})
}

func (s *studio) findAccounts(ctx context.Context, query serviceAccountQuery, results *listing.Results) diag.Diagnostics {
	var prior serviceAccountModel
	if diags := results.Blank(&prior); diags.HasError() {
		return diags
	}
	project := fullProject(query.Project.ValueString())
	for account, err := range s.EachServiceAccount(ctx, project) {
		if err != nil {
			return diag.Diagnostics{s.failure("list", serviceAccountNoun+"s", "project "+project, err)}
		}
		if !listing.IsNamed(query.DisplayName, account.DisplayName) || !isAddressed(query.Email, account.Email) || !query.IsOldEnough(account.CreateTime, s.ServerNow()) {
			continue
		}
		state := serviceAccountState(&account, prior)
		if !results.Add(shown(account.DisplayName, account.Name), nameIdentity{Name: state.Name}, state) {
			return nil
		}
	}
	return nil
}

// shown is what a query shows an object by: a name that may be missing, or the full resource name.
func shown(name, full string) string {
	if name == "" {
		return full
	}
	return name
}
