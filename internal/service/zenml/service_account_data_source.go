package zenml

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/zenml/zenmlapi"
)

var (
	_ datasource.DataSourceWithConfigure        = (*serviceAccountDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*serviceAccountDataSource)(nil)
)

func newServiceAccountDataSource() datasource.DataSource { return &serviceAccountDataSource{} }

type serviceAccountDataSource struct{ service.DataSource[*server] }

// serviceAccountDetails is a service account with the fields that move by themselves, which no resource may have.
type serviceAccountDetails struct {
	ID             types.String `tfsdk:"id"`
	Name           types.String `tfsdk:"name"`
	FullName       types.String `tfsdk:"full_name"`
	Description    types.String `tfsdk:"description"`
	AvatarURL      types.String `tfsdk:"avatar_url"`
	Active         types.Bool   `tfsdk:"active"`
	Created        types.String `tfsdk:"created"`
	AgeDays        types.Int64  `tfsdk:"age_days"`
	Updated        types.String `tfsdk:"updated"`
	ExternalUserID types.String `tfsdk:"external_user_id"`
}

func serviceAccountDetailsOf(account *zenmlapi.ServiceAccount, now time.Time) serviceAccountDetails {
	return serviceAccountDetails{
		ID:             types.StringValue(account.ID),
		Name:           types.StringValue(account.Name),
		FullName:       types.StringValue(account.FullName),
		Description:    types.StringValue(account.Description),
		AvatarURL:      types.StringValue(account.AvatarURL),
		Active:         types.BoolValue(account.Active),
		Created:        timeValue(&account.Created),
		AgeDays:        service.DaysSince(account.Created.Time, now),
		Updated:        timeValue(&account.Updated),
		ExternalUserID: types.StringPointerValue(account.ExternalUserID),
	}
}

func serviceAccountDetailsAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":               schema.StringAttribute{Computed: true, MarkdownDescription: "UUID of the service account."},
		"name":             schema.StringAttribute{Computed: true, MarkdownDescription: "Name."},
		"full_name":        schema.StringAttribute{Computed: true, MarkdownDescription: "Display name."},
		"description":      schema.StringAttribute{Computed: true, MarkdownDescription: "Description."},
		"avatar_url":       schema.StringAttribute{Computed: true, MarkdownDescription: "Address of a picture."},
		"active":           schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the account may log in."},
		"created":          schema.StringAttribute{Computed: true, MarkdownDescription: "Moment of creation (RFC 3339, UTC)."},
		"age_days":         service.AgeDays(),
		"updated":          schema.StringAttribute{Computed: true, MarkdownDescription: "Moment of the latest change (RFC 3339, UTC)."},
		"external_user_id": schema.StringAttribute{Computed: true, MarkdownDescription: "Id in ZenML Pro; set if the account is managed there."},
	}
}

func (d *serviceAccountDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_zenml_service_account"
}

func (d *serviceAccountDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := serviceAccountDetailsAttributes()
	attributes["id"] = schema.StringAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: "UUID of the service account. Set this or `name`.",
		Validators:          uuidValidators(),
	}
	attributes["name"] = schema.StringAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: "Name of the service account. Set this or `id`.",
		Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds one service account of a ZenML server, by id or by name.",
		Attributes:          attributes,
	}
}

func (d *serviceAccountDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("name"))}
}

func (d *serviceAccountDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config serviceAccountDetails
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	server, ok := d.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	var account *zenmlapi.ServiceAccount
	var err error
	if config.ID.IsNull() {
		account, err = server.ServiceAccountByName(ctx, config.Name.ValueString())
	} else {
		account, err = server.ServiceAccount(ctx, config.ID.ValueString())
	}
	if err != nil {
		resp.Diagnostics.Append(server.failure("read", serviceAccountNoun, "service account "+label(config.Name, config.ID), err))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, serviceAccountDetailsOf(account, server.ServerNow()))...)
}
