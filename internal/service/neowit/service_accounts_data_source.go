package neowit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service"
)

var _ datasource.DataSourceWithConfigure = (*serviceAccountsDataSource)(nil)

func newServiceAccountsDataSource() datasource.DataSource { return &serviceAccountsDataSource{} }

type serviceAccountsDataSource struct{ service.DataSource[*tenant] }

type serviceAccountsModel struct {
	OrgID           types.String            `tfsdk:"org_id"`
	ServiceAccounts []serviceAccountDetails `tfsdk:"service_accounts"`
}

func (d *serviceAccountsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_neowit_service_accounts"
}

func (d *serviceAccountsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the service accounts of a Neowit organization, with their keys. It relies on a call that Neowit does not document.",
		Attributes: map[string]schema.Attribute{
			"org_id": organizationArgument(),
			"service_accounts": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The service accounts, in the server's order.",
				NestedObject:        schema.NestedAttributeObject{Attributes: serviceAccountDetailsAttributes()},
			},
		},
	}
}

func (d *serviceAccountsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model serviceAccountsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	tenant, ok := d.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	accounts, err := tenant.ServiceAccounts(ctx, tenant.newOrganization(model.OrgID).ValueString())
	if err != nil {
		resp.Diagnostics.Append(tenant.failure("list", serviceAccountNoun+"s", "", err))
		return
	}
	model.ServiceAccounts = make([]serviceAccountDetails, len(accounts))
	for i, account := range accounts {
		model.ServiceAccounts[i] = serviceAccountDetailsOf(account, tenant.ServerNow())
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}
