package dt

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service"
)

var _ datasource.DataSourceWithConfigure = (*organizationMembersDataSource)(nil)

func newOrganizationMembersDataSource() datasource.DataSource {
	return &organizationMembersDataSource{}
}

type organizationMembersDataSource struct{ service.DataSource[*studio] }

type organizationMembersModel struct {
	Organization types.String    `tfsdk:"organization"`
	Members      []memberDetails `tfsdk:"members"`
}

func (d *organizationMembersDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_dt_organization_members"
}

func (d *organizationMembersDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists who has a role in a DT Studio organization, which counts in every project of it: service accounts and users.",
		Attributes: map[string]schema.Attribute{
			"organization": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "The organization, as `organizations/<id>` or `<id>`.",
				Validators:          organizationValidators(),
			},
			"members": membersAttribute("organizations/<organization>"),
		},
	}
}

func (d *organizationMembersDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model organizationMembersModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	studio, ok := d.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	organization := fullOrganization(model.Organization.ValueString())
	members, err := studio.Members(ctx, organization)
	if err != nil {
		resp.Diagnostics.Append(studio.failure("list", organizationMemberNoun+"s", "organization "+organization, err))
		return
	}
	model.Members = memberDetailsOf(members, studio.ServerNow())
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}
