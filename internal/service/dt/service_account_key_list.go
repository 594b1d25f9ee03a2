package dt

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/listing"
	"github.com/machineid/terraform-provider-machineid/internal/service/dt/dtapi"
)

var _ list.ListResourceWithConfigure = (*serviceAccountKeyResource)(nil)

func newServiceAccountKeyList() list.ListResource { return &serviceAccountKeyResource{} }

// serviceAccountKeyQuery is which keys are asked for.
type serviceAccountKeyQuery struct {
	Project        types.String `tfsdk:"project"`
	ServiceAccount types.String `tfsdk:"service_account"`
	listing.Age
}

// ListResourceConfigSchema implements list.ListResource.
func (r *serviceAccountKeyResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds keys of service accounts of DT Studio, to import them or to look them over. Their secrets are not readable, " +
			"and the server does not tell when a key was last used.",
		Attributes: map[string]schema.Attribute{
			"project": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The project whose service accounts are looked in, as `projects/<id>` or `<id>`, which takes a request for each account. " +
					"Set this or `service_account`.",
				Validators: append(projectValidators(), exactlyOneOf("project", "service_account")),
			},
			"service_account": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Full name of the service account to look in, `projects/<project>/serviceaccounts/<id>`. Set this or `project`.",
				Validators:          accountNameValidators(),
			},
			"older_than": listing.OlderThan(),
		},
	}
}

func exactlyOneOf(names ...string) validator.String {
	paths := make([]path.Expression, len(names))
	for i, name := range names {
		paths[i] = path.MatchRoot(name)
	}
	return stringvalidator.ExactlyOneOf(paths...)
}

// List implements list.ListResource.
func (r *serviceAccountKeyResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var query serviceAccountKeyQuery
	diags := req.Config.Get(ctx, &query)
	studio, ok := r.Client(&diags)
	if !ok || diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = listing.Stream(ctx, req, func(results *listing.Results) diag.Diagnostics {
		if account := query.ServiceAccount.ValueString(); account != "" {
			_, diags := studio.findKeys(ctx, query, account, results)
			return diags
		}
		return studio.findAllKeys(ctx, query, results)
	})
}

// findAllKeys looks in one account of the project after the other.
func (s *studio) findAllKeys(ctx context.Context, query serviceAccountKeyQuery, results *listing.Results) diag.Diagnostics {
	project := fullProject(query.Project.ValueString())
	for account, err := range s.EachServiceAccount(ctx, project) {
		if err != nil {
			return diag.Diagnostics{s.failure("list", serviceAccountNoun+"s", "project "+project, err)}
		}
		if more, diags := s.findKeys(ctx, query, account.Name, results); !more {
			return diags
		}
	}
	return nil
}

// findKeys looks in one account, and tells whether more are wanted. An account that went since it was listed has none.
func (s *studio) findKeys(ctx context.Context, query serviceAccountKeyQuery, account string, results *listing.Results) (more bool, diags diag.Diagnostics) {
	var prior serviceAccountKeyModel
	if diags := results.Blank(&prior); diags.HasError() {
		return false, diags
	}
	for key, err := range s.EachKey(ctx, account) {
		switch {
		case dtapi.IsNotFound(err) && query.ServiceAccount.IsNull():
			return true, nil
		case err != nil:
			return false, diag.Diagnostics{s.failure("list", serviceAccountKeyNoun+"s", "service account "+account, err)}
		case !query.IsOldEnough(key.CreateTime, s.ServerNow()):
			continue
		}
		state := serviceAccountKeyState(&key, prior)
		if !results.Add(key.Name, nameIdentity{Name: state.Name}, state) {
			return false, nil
		}
	}
	return true, nil
}
