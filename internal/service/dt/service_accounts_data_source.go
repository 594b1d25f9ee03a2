package dt

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service"
)

var _ datasource.DataSourceWithConfigure = (*serviceAccountsDataSource)(nil)

func newServiceAccountsDataSource() datasource.DataSource { return &serviceAccountsDataSource{} }

type serviceAccountsDataSource struct{ service.DataSource[*studio] }

type serviceAccountsModel struct {
	Project         types.String            `tfsdk:"project"`
	ServiceAccounts []serviceAccountDetails `tfsdk:"service_accounts"`
}

func (d *serviceAccountsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_dt_service_accounts"
}

func (d *serviceAccountsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the service accounts that a DT Studio project owns. Accounts of other projects that have a role in it are listed by `machineid_dt_project_members`.",
		Attributes: map[string]schema.Attribute{
			"project": projectArgument("The owning project"),
			"service_accounts": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The service accounts, from every page, in the server's order.",
				NestedObject:        schema.NestedAttributeObject{Attributes: serviceAccountDetailsAttributes()},
			},
		},
	}
}

func (d *serviceAccountsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model serviceAccountsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	studio, ok := d.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	project := fullProject(model.Project.ValueString())
	accounts, err := studio.ServiceAccounts(ctx, project)
	if err != nil {
		resp.Diagnostics.Append(studio.failure("list", serviceAccountNoun+"s", "project "+project, err))
		return
	}
	model.ServiceAccounts = make([]serviceAccountDetails, len(accounts))
	for i := range accounts {
		model.ServiceAccounts[i] = serviceAccountDetailsOf(&accounts[i], studio.ServerNow())
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}
