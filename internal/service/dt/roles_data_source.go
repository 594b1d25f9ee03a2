package dt

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service"
)

var _ datasource.DataSourceWithConfigure = (*rolesDataSource)(nil)

func newRolesDataSource() datasource.DataSource { return &rolesDataSource{} }

type rolesDataSource struct{ service.DataSource[*studio] }

type rolesModel struct {
	Roles []roleDetails `tfsdk:"roles"`
}

type roleDetails struct {
	Name        types.String   `tfsdk:"name"`
	DisplayName types.String   `tfsdk:"display_name"`
	Description types.String   `tfsdk:"description"`
	Permissions []types.String `tfsdk:"permissions"`
}

func (d *rolesDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_dt_roles"
}

func (d *rolesDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the roles that DT Studio has for members of projects and of organizations, with what each permits.",
		Attributes: map[string]schema.Attribute{
			"roles": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The roles, in the server's order.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"name":         schema.StringAttribute{Computed: true, MarkdownDescription: "Name, such as `roles/project.user`: what a member's `role` takes."},
					"display_name": schema.StringAttribute{Computed: true, MarkdownDescription: "Name that DT Studio shows."},
					"description":  schema.StringAttribute{Computed: true, MarkdownDescription: "What the role is for."},
					"permissions": schema.SetAttribute{
						Computed:            true,
						ElementType:         types.StringType,
						MarkdownDescription: "What the role permits, such as `serviceaccount.key.create`.",
					},
				}},
			},
		},
	}
}

func (d *rolesDataSource) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	studio, ok := d.Client(&resp.Diagnostics)
	if !ok {
		return
	}
	roles, err := studio.Roles(ctx)
	if err != nil {
		resp.Diagnostics.Append(studio.failure("list", "DT roles", "", err))
		return
	}
	model := rolesModel{Roles: make([]roleDetails, len(roles))}
	for i, role := range roles {
		permissions := make([]types.String, len(role.Permissions))
		for j, permission := range role.Permissions {
			permissions[j] = types.StringValue(permission)
		}
		model.Roles[i] = roleDetails{
			Name:        types.StringValue(role.Name),
			DisplayName: types.StringValue(role.DisplayName),
			Description: types.StringValue(role.Description),
			Permissions: permissions,
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}
