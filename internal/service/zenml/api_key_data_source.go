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
	_ datasource.DataSourceWithConfigure        = (*apiKeyDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*apiKeyDataSource)(nil)
)

func newAPIKeyDataSource() datasource.DataSource { return &apiKeyDataSource{} }

type apiKeyDataSource struct{ service.DataSource[*server] }

// apiKeyDetails is an API key with the fields that move by themselves, which no resource may have, and without its
// secret, which the server does not show.
type apiKeyDetails struct {
	ServiceAccountID    types.String `tfsdk:"service_account_id"`
	ID                  types.String `tfsdk:"id"`
	Name                types.String `tfsdk:"name"`
	Description         types.String `tfsdk:"description"`
	Active              types.Bool   `tfsdk:"active"`
	RetainPeriodMinutes types.Int64  `tfsdk:"retain_period_minutes"`
	Created             types.String `tfsdk:"created"`
	AgeDays             types.Int64  `tfsdk:"age_days"`
	Updated             types.String `tfsdk:"updated"`
	LastLogin           types.String `tfsdk:"last_login"`
	UnusedDays          types.Int64  `tfsdk:"unused_days"`
	LastRotated         types.String `tfsdk:"last_rotated"`
}

func apiKeyDetailsOf(key *zenmlapi.APIKey, now time.Time) apiKeyDetails {
	return apiKeyDetails{
		ServiceAccountID:    types.StringValue(key.ServiceAccountID),
		ID:                  types.StringValue(key.ID),
		Name:                types.StringValue(key.Name),
		Description:         types.StringValue(key.Description),
		Active:              types.BoolValue(key.Active),
		RetainPeriodMinutes: types.Int64Value(key.RetainPeriodMinutes),
		Created:             timeValue(&key.Created),
		AgeDays:             service.DaysSince(key.Created.Time, now),
		Updated:             timeValue(&key.Updated),
		LastLogin:           timeValue(key.LastLogin),
		UnusedDays:          service.DaysSince(idleSince(key), now),
		LastRotated:         timeValue(key.LastRotated),
	}
}

// idleSince is when a key was last used, or made if it never was; zero if the server does not tell.
func idleSince(key *zenmlapi.APIKey) time.Time {
	switch {
	case !key.TellsUse:
		return time.Time{}
	case key.LastLogin == nil:
		return key.Created.Time
	}
	return key.LastLogin.Time
}

func apiKeyDetailsAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"service_account_id":    schema.StringAttribute{Computed: true, MarkdownDescription: "UUID of the service account that the key belongs to."},
		"id":                    schema.StringAttribute{Computed: true, MarkdownDescription: "UUID of the key."},
		"name":                  schema.StringAttribute{Computed: true, MarkdownDescription: "Name."},
		"description":           schema.StringAttribute{Computed: true, MarkdownDescription: "Description."},
		"active":                schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the key is accepted; that its service account is active too is a separate matter."},
		"retain_period_minutes": schema.Int64Attribute{Computed: true, MarkdownDescription: "How long the previous value was to stay valid after the latest rotation, in minutes."},
		"created":               schema.StringAttribute{Computed: true, MarkdownDescription: "Moment of creation (RFC 3339, UTC)."},
		"age_days":              service.AgeDays(),
		"updated":               schema.StringAttribute{Computed: true, MarkdownDescription: "Moment of the latest change or use (RFC 3339, UTC)."},
		"last_login":            schema.StringAttribute{Computed: true, MarkdownDescription: "Moment of the latest use (RFC 3339, UTC); null before the first."},
		"unused_days":           service.UnusedDays(),
		"last_rotated":          schema.StringAttribute{Computed: true, MarkdownDescription: "Moment of the latest rotation in place (RFC 3339, UTC); null before the first."},
	}
}

// serviceAccountIDArgument is the argument that names whose keys are meant.
func serviceAccountIDArgument() schema.StringAttribute {
	return schema.StringAttribute{
		Required:            true,
		MarkdownDescription: "UUID of the service account whose keys are meant.",
		Validators:          uuidValidators(),
	}
}

func (d *apiKeyDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_zenml_api_key"
}

func (d *apiKeyDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := apiKeyDetailsAttributes()
	attributes["service_account_id"] = serviceAccountIDArgument()
	attributes["id"] = schema.StringAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: "UUID of the key. Set this or `name`.",
		Validators:          uuidValidators(),
	}
	attributes["name"] = schema.StringAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: "Name of the key. Set this or `id`.",
		Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds one API key of a ZenML service account, by id or by name. The secret is not readable.",
		Attributes:          attributes,
	}
}

func (d *apiKeyDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("name"))}
}

func (d *apiKeyDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config apiKeyDetails
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	server, ok := d.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	account := config.ServiceAccountID.ValueString()
	var key *zenmlapi.APIKey
	var err error
	if config.ID.IsNull() {
		key, err = server.APIKeyByName(ctx, account, config.Name.ValueString())
	} else {
		key, err = server.APIKey(ctx, account, config.ID.ValueString())
	}
	if err != nil {
		object := "API key " + label(config.Name, config.ID) + " of service account " + account
		resp.Diagnostics.Append(server.failure("read", apiKeyNoun, object, err))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, apiKeyDetailsOf(key, server.ServerNow()))...)
}
