package keycard

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/keycard/keycardapi"
)

var _ datasource.DataSourceWithConfigure = (*organizationDataSource)(nil)

func newOrganizationDataSource() datasource.DataSource { return &organizationDataSource{} }

type organizationDataSource struct{ service.DataSource[*console] }

type organizationModel struct {
	OrganizationID types.String `tfsdk:"organization_id"`
	expansion
	ID          types.String           `tfsdk:"id"`
	Name        types.String           `tfsdk:"name"`
	Label       types.String           `tfsdk:"label"`
	SSOEnabled  types.Bool             `tfsdk:"sso_enabled"`
	CreatedAt   types.String           `tfsdk:"created_at"`
	UpdatedAt   types.String           `tfsdk:"updated_at"`
	Permissions keycardapi.Permissions `tfsdk:"permissions"`
}

// organizationArgument names the organization that a data source looks in. It is filled in where it is left out.
func organizationArgument() schema.StringAttribute {
	return schema.StringAttribute{
		Optional:            true,
		Computed:            true,
		MarkdownDescription: "The organization to look in, by id or label. Default: the provider's `organization_id`, else the one that the credential belongs to.",
		Validators:          idValidators(),
	}
}

func (d *organizationDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_keycard_organization"
}

func (d *organizationDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds a Keycard organization: the one that the provider's credential belongs to, or one by id or label.",
		Attributes: map[string]schema.Attribute{
			"organization_id": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "The organization to find, by id or label. Default: the provider's `organization_id`, else the one that the credential belongs to.",
				Validators:          idValidators(),
			},
			"expand":      expandArgument(),
			"id":          schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the organization."},
			"name":        schema.StringAttribute{Computed: true, MarkdownDescription: "Name."},
			"label":       schema.StringAttribute{Computed: true, MarkdownDescription: "Label: a short name, which addresses the organization as well as the id does."},
			"sso_enabled": schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether single sign-on is enabled."},
			"created_at":  schema.StringAttribute{Computed: true, MarkdownDescription: "Moment of creation (RFC 3339, UTC)."},
			"updated_at":  schema.StringAttribute{Computed: true, MarkdownDescription: "Moment of the latest change (RFC 3339, UTC)."},
			"permissions": permissionsAttribute("the organization"),
		},
	}
}

func (d *organizationDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model organizationModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	console, ok := d.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	wanted := model.OrganizationID.ValueString()
	if wanted == "" {
		wanted = console.organization
	}
	found, err := console.Organization(ctx, wanted, model.permissions())
	if err != nil {
		resp.Diagnostics.Append(console.organizationNotFound(wanted, err))
		return
	}
	model.ID = types.StringValue(found.ID)
	model.Name = service.TextOrNull(found.Name)
	model.Label = service.TextOrNull(found.Label)
	model.SSOEnabled = types.BoolValue(found.SSOEnabled)
	model.CreatedAt, model.UpdatedAt = service.TimeValue(found.CreatedAt), service.TimeValue(found.UpdatedAt)
	model.Permissions = found.Permissions
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}
