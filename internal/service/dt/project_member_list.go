package dt

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/listing"
	"github.com/machineid/terraform-provider-machineid/internal/service/dt/dtapi"
)

var _ list.ListResourceWithConfigure = (*projectMemberResource)(nil)

func newProjectMemberList() list.ListResource { return &projectMemberResource{} }

// memberFilter is which members are asked for, of a project or an organization.
type memberFilter struct {
	Email       types.String `tfsdk:"email"`
	Role        types.String `tfsdk:"role"`
	AccountType types.String `tfsdk:"account_type"`
	listing.Age
}

func (f memberFilter) matches(member dtapi.Member, s *studio) bool {
	return isAddressed(f.Email, member.Email) && listing.IsNamed(f.Role, oneRole(member.Roles).ValueString()) &&
		listing.IsNamed(f.AccountType, member.AccountType) && f.IsOldEnough(member.CreateTime, s.ServerNow())
}

// memberFilterAttributes are those of [memberFilter].
func memberFilterAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"email": emailFilter("member"),
		"role": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Only members with this role. The data source `machineid_dt_roles` lists the roles.",
			Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"account_type": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Only members of this type: `SERVICE_ACCOUNT` or `USER`.",
			Validators:          []validator.String{stringvalidator.OneOf("SERVICE_ACCOUNT", "USER")},
		},
		"older_than": listing.OlderThan(),
	}
}

// projectMemberQuery is which members of a project are asked for.
type projectMemberQuery struct {
	Project types.String `tfsdk:"project"`
	memberFilter
}

// ListResourceConfigSchema implements list.ListResource.
func (r *projectMemberResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	attributes := memberFilterAttributes()
	attributes["project"] = schema.StringAttribute{
		Required:            true,
		MarkdownDescription: "The project, as `projects/<id>` or `<id>`.",
		Validators:          projectValidators(),
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds who has a role in a DT Studio project, service accounts and users, to import the memberships or to look them over. " +
			"Those who have a role in the organization are not listed.",
		Attributes: attributes,
	}
}

// List implements list.ListResource.
func (r *projectMemberResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var query projectMemberQuery
	diags := req.Config.Get(ctx, &query)
	studio, ok := r.Client(&diags)
	if !ok || diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = listing.Stream(ctx, req, func(results *listing.Results) diag.Diagnostics {
		var prior projectMemberModel
		if diags := results.Blank(&prior); diags.HasError() {
			return diags
		}
		project := fullProject(query.Project.ValueString())
		for member, err := range studio.EachMember(ctx, project) {
			if err != nil {
				return diag.Diagnostics{studio.failure("list", projectMemberNoun+"s", "project "+project, err)}
			}
			if !query.matches(member, studio) {
				continue
			}
			state := projectMemberState(&member, prior)
			if !results.Add(shown(member.Email, member.Name), nameIdentity{Name: state.Name}, state) {
				return nil
			}
		}
		return nil
	})
}
