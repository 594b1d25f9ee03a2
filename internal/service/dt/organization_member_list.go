package dt

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/listing"
)

var _ list.ListResourceWithConfigure = (*organizationMemberResource)(nil)

func newOrganizationMemberList() list.ListResource { return &organizationMemberResource{} }

// organizationMemberQuery is which members of an organization are asked for.
type organizationMemberQuery struct {
	Organization types.String `tfsdk:"organization"`
	memberFilter
}

// ListResourceConfigSchema implements list.ListResource.
func (r *organizationMemberResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	attributes := memberFilterAttributes()
	attributes["organization"] = schema.StringAttribute{
		Required:            true,
		MarkdownDescription: "The organization, as `organizations/<id>` or `<id>`.",
		Validators:          organizationValidators(),
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds who has a role in a DT Studio organization, service accounts and users, to import the memberships or to look them over.",
		Attributes:          attributes,
	}
}

// List implements list.ListResource.
func (r *organizationMemberResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var query organizationMemberQuery
	diags := req.Config.Get(ctx, &query)
	studio, ok := r.Client(&diags)
	if !ok || diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = listing.Stream(ctx, req, func(results *listing.Results) diag.Diagnostics {
		var prior organizationMemberModel
		if diags := results.Blank(&prior); diags.HasError() {
			return diags
		}
		organization := fullOrganization(query.Organization.ValueString())
		for member, err := range studio.EachMember(ctx, organization) {
			if err != nil {
				return diag.Diagnostics{studio.failure("list", organizationMemberNoun+"s", "organization "+organization, err)}
			}
			if !query.matches(member, studio) {
				continue
			}
			state := organizationMemberState(&member, prior)
			if !results.Add(shown(member.Email, member.Name), nameIdentity{Name: state.Name}, state) {
				return nil
			}
		}
		return nil
	})
}
