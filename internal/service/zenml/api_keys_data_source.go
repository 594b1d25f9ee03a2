package zenml

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service"
)

var _ datasource.DataSourceWithConfigure = (*apiKeysDataSource)(nil)

func newAPIKeysDataSource() datasource.DataSource { return &apiKeysDataSource{} }

type apiKeysDataSource struct{ service.DataSource[*server] }

type apiKeysModel struct {
	ServiceAccountID types.String    `tfsdk:"service_account_id"`
	Filter           types.Map       `tfsdk:"filter"`
	SortBy           types.String    `tfsdk:"sort_by"`
	LogicalOperator  types.String    `tfsdk:"logical_operator"`
	APIKeys          []apiKeyDetails `tfsdk:"api_keys"`
}

func (d *apiKeysDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_zenml_api_keys"
}

func (d *apiKeysDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := listAttributes(apiKeyFields)
	attributes["service_account_id"] = serviceAccountIDArgument()
	attributes["api_keys"] = schema.ListNestedAttribute{
		Computed:            true,
		MarkdownDescription: "The API keys found, from every page.",
		NestedObject:        schema.NestedAttributeObject{Attributes: apiKeyDetailsAttributes()},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the API keys of a ZenML service account. Secrets are not readable.",
		Attributes:          attributes,
	}
}

func (d *apiKeysDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model apiKeysModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	server, ok := d.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	account := model.ServiceAccountID.ValueString()
	keys, err := server.APIKeys(ctx, account, listOptions(model.Filter, model.SortBy, model.LogicalOperator))
	if err != nil {
		resp.Diagnostics.Append(server.failure("list", apiKeyNoun+"s", "API keys of service account "+account, err))
		return
	}
	model.APIKeys = make([]apiKeyDetails, len(keys))
	for i := range keys {
		model.APIKeys[i] = apiKeyDetailsOf(&keys[i], server.ServerNow())
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}
