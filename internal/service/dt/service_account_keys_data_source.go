package dt

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service"
)

var _ datasource.DataSourceWithConfigure = (*serviceAccountKeysDataSource)(nil)

func newServiceAccountKeysDataSource() datasource.DataSource { return &serviceAccountKeysDataSource{} }

type serviceAccountKeysDataSource struct{ service.DataSource[*studio] }

type serviceAccountKeysModel struct {
	ServiceAccount types.String               `tfsdk:"service_account"`
	Keys           []serviceAccountKeyDetails `tfsdk:"keys"`
}

type serviceAccountKeyDetails struct {
	ID         types.String `tfsdk:"id"`
	Name       types.String `tfsdk:"name"`
	CreateTime types.String `tfsdk:"create_time"`
	AgeDays    types.Int64  `tfsdk:"age_days"`
}

func (d *serviceAccountKeysDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_dt_service_account_keys"
}

func (d *serviceAccountKeysDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the keys of a DT Studio service account. Secrets are not readable, and the server does not tell when a key was last used.",
		Attributes: map[string]schema.Attribute{
			"service_account": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Full name of the service account, `projects/<project>/serviceaccounts/<id>`.",
				Validators:          accountNameValidators(),
			},
			"keys": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The keys, from every page, in the server's order.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":          schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the key, the last part of `name`."},
					"name":        schema.StringAttribute{Computed: true, MarkdownDescription: "Full resource name, `projects/<project>/serviceaccounts/<account>/keys/<id>`."},
					"age_days":    service.AgeDays(),
					"create_time": schema.StringAttribute{Computed: true, MarkdownDescription: "Moment of creation (RFC 3339, UTC)."},
				}},
			},
		},
	}
}

func (d *serviceAccountKeysDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model serviceAccountKeysModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	studio, ok := d.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	keys, err := studio.Keys(ctx, model.ServiceAccount.ValueString())
	if err != nil {
		resp.Diagnostics.Append(studio.failure("list", serviceAccountKeyNoun+"s", "service account "+model.ServiceAccount.ValueString(), err))
		return
	}
	model.Keys = make([]serviceAccountKeyDetails, len(keys))
	for i, key := range keys {
		model.Keys[i] = serviceAccountKeyDetails{
			ID:         types.StringValue(lastSegment(key.Name)),
			Name:       types.StringValue(key.Name),
			CreateTime: service.TimeValue(key.CreateTime),
			AgeDays:    service.DaysSince(key.CreateTime, studio.ServerNow()),
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}
