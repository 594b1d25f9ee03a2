package zenml

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service"
)

var _ datasource.DataSourceWithConfigure = (*serviceAccountsDataSource)(nil)

func newServiceAccountsDataSource() datasource.DataSource { return &serviceAccountsDataSource{} }

type serviceAccountsDataSource struct{ service.DataSource[*server] }

type serviceAccountsModel struct {
	Filter          types.Map               `tfsdk:"filter"`
	SortBy          types.String            `tfsdk:"sort_by"`
	LogicalOperator types.String            `tfsdk:"logical_operator"`
	ServiceAccounts []serviceAccountDetails `tfsdk:"service_accounts"`
}

func (d *serviceAccountsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_zenml_service_accounts"
}

func (d *serviceAccountsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := listAttributes(serviceAccountFields)
	attributes["service_accounts"] = schema.ListNestedAttribute{
		Computed:            true,
		MarkdownDescription: "The service accounts found, from every page.",
		NestedObject:        schema.NestedAttributeObject{Attributes: serviceAccountDetailsAttributes()},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the service accounts of a ZenML server.",
		Attributes:          attributes,
	}
}

func (d *serviceAccountsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model serviceAccountsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	server, ok := d.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	accounts, err := server.ServiceAccounts(ctx, listOptions(model.Filter, model.SortBy, model.LogicalOperator))
	if err != nil {
		resp.Diagnostics.Append(server.failure("list", serviceAccountNoun+"s", "", err))
		return
	}
	model.ServiceAccounts = make([]serviceAccountDetails, len(accounts))
	for i := range accounts {
		model.ServiceAccounts[i] = serviceAccountDetailsOf(&accounts[i], server.ServerNow())
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}
