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

// memberDetails is a member with the fields that move by themselves, which no resource may have.
type memberDetails struct {
	MemberID    types.String `tfsdk:"member_id"`
	Name        types.String `tfsdk:"name"`
	DisplayName types.String `tfsdk:"display_name"`
	Email       types.String `tfsdk:"email"`
	Role        types.String `tfsdk:"role"`
	AccountType types.String `tfsdk:"account_type"`
	Status      types.String `tfsdk:"status"`
	CreateTime  types.String `tfsdk:"create_time"`
	AgeDays     types.Int64  `tfsdk:"age_days"`
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
			"members": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The members, from every page, in the server's order.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"member_id":    schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the member: for a service account, that of the account."},
					"name":         schema.StringAttribute{Computed: true, MarkdownDescription: "Full resource name, `projects/<project>/members/<member_id>`."},
					"display_name": schema.StringAttribute{Computed: true, MarkdownDescription: "Name that DT Studio shows."},
					"email":        schema.StringAttribute{Computed: true, MarkdownDescription: "E-mail address."},
					"role":         schema.StringAttribute{Computed: true, MarkdownDescription: "The role, such as `roles/project.user`."},
					"account_type": schema.StringAttribute{Computed: true, MarkdownDescription: "`SERVICE_ACCOUNT` or `USER`."},
					"status":       schema.StringAttribute{Computed: true, MarkdownDescription: "`ACCEPTED`, or `PENDING` for a user who has not answered the invitation."},
					"age_days":     service.AgeDays(),
					"create_time":  schema.StringAttribute{Computed: true, MarkdownDescription: "Moment when the membership was made (RFC 3339, UTC)."},
				}},
			},
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
	model.Members = make([]memberDetails, len(members))
	for i, member := range members {
		model.Members[i] = memberDetails{
			MemberID:    types.StringValue(lastSegment(member.Name)),
			Name:        types.StringValue(member.Name),
			DisplayName: types.StringValue(member.DisplayName),
			Email:       types.StringValue(member.Email),
			Role:        oneRole(member.Roles),
			AccountType: service.TextOrNull(member.AccountType),
			Status:      service.TextOrNull(member.Status),
			CreateTime:  service.TimeValue(member.CreateTime),
			AgeDays:     service.DaysSince(member.CreateTime, studio.ServerNow()),
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}
