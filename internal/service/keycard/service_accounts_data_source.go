package keycard

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/keycard/keycardapi"
)

var _ datasource.DataSourceWithConfigure = (*serviceAccountsDataSource)(nil)

func newServiceAccountsDataSource() datasource.DataSource { return &serviceAccountsDataSource{} }

type serviceAccountsDataSource struct{ service.DataSource[*console] }

type serviceAccountsModel struct {
	OrganizationID types.String `tfsdk:"organization_id"`
	expansion
	ServiceAccounts []serviceAccountDetails `tfsdk:"service_accounts"`
	Permissions     keycardapi.Permissions  `tfsdk:"permissions"`
}

func (d *serviceAccountsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_keycard_service_accounts"
}

func (d *serviceAccountsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the service accounts of a Keycard organization.",
		Attributes: map[string]schema.Attribute{
			"organization_id": organizationArgument(),
			"expand":          expandArgument(),
			"service_accounts": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The service accounts, from every page, in the server's order.",
				NestedObject:        schema.NestedAttributeObject{Attributes: serviceAccountDetailsAttributes()},
			},
			"permissions": permissionsAttribute("the list"),
		},
	}
}

func (d *serviceAccountsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model serviceAccountsModel
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
	accounts, err := console.ServiceAccounts(ctx, organization.ValueString(), model.permissions())
	if err != nil {
		resp.Diagnostics.Append(console.failure("list", serviceAccountNoun+"s", "", err))
		return
	}
	model.Permissions = accounts.Permissions
	model.ServiceAccounts = make([]serviceAccountDetails, len(accounts.Items))
	for i, account := range accounts.Items {
		model.ServiceAccounts[i] = serviceAccountDetailsOf(account, console.ServerNow())
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}
