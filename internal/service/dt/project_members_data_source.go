package dt

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service"
)

var _ datasource.DataSourceWithConfigure = (*projectMembersDataSource)(nil)

func newProjectMembersDataSource() datasource.DataSource { return &projectMembersDataSource{} }

type projectMembersDataSource struct{ service.DataSource[*studio] }

type projectMembersModel struct {
	Project types.String    `tfsdk:"project"`
	Members []memberDetails `tfsdk:"members"`
}

func (d *projectMembersDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_dt_project_members"
}

func (d *projectMembersDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists who has a role in a DT Studio project: service accounts, of this project and of others, and users. " +
			"Those who have a role in the organization are not listed.",
		Attributes: map[string]schema.Attribute{
			"project": projectArgument("The project"),
			"members": membersAttribute("projects/<project>"),
		},
	}
}

func (d *projectMembersDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model projectMembersModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	studio, ok := d.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	project := fullProject(model.Project.ValueString())
	members, err := studio.Members(ctx, project)
	if err != nil {
		resp.Diagnostics.Append(studio.failure("list", projectMemberNoun+"s", "project "+project, err))
		return
	}
	model.Members = memberDetailsOf(members, studio.ServerNow())
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}
