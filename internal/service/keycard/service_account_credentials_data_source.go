package keycard

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/keycard/keycardapi"
)

var _ datasource.DataSourceWithConfigure = (*credentialsDataSource)(nil)

func newCredentialsDataSource() datasource.DataSource { return &credentialsDataSource{} }

type credentialsDataSource struct{ service.DataSource[*console] }

type credentialsModel struct {
	OrganizationID   types.String `tfsdk:"organization_id"`
	ServiceAccountID types.String `tfsdk:"service_account_id"`
	expansion
	Credentials []credentialDetails    `tfsdk:"credentials"`
	Permissions keycardapi.Permissions `tfsdk:"permissions"`
}

func (d *credentialsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_keycard_service_account_credentials"
}

func (d *credentialsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the credentials of a Keycard service account, with when each was last used. Secrets are not readable.",
		Attributes: map[string]schema.Attribute{
			"organization_id":    organizationArgument(),
			"service_account_id": serviceAccountArgument(),
			"expand":             expandArgument(),
			"credentials": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The credentials, from every page, in the server's order.",
				NestedObject:        schema.NestedAttributeObject{Attributes: credentialDetailsAttributes()},
			},
			"permissions": permissionsAttribute("the list"),
		},
	}
}

func (d *credentialsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model credentialsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	console, ok := d.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	organization, diags := console.chosenOrganization(ctx, model.OrganizationID)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	model.OrganizationID = organization
	credentials, diags := console.listCredentials(ctx, organization.ValueString(), model.ServiceAccountID.ValueString(), model.permissions())
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	model.Permissions = credentials.Permissions
	model.Credentials = make([]credentialDetails, len(credentials.Items))
	for i, found := range credentials.Items {
		model.Credentials[i] = credentialDetailsOf(found, console.ServerNow())
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}
