package keycard

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/keycard/keycardapi"
)

var (
	_ datasource.DataSourceWithConfigure        = (*serviceAccountDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*serviceAccountDataSource)(nil)
)

func newServiceAccountDataSource() datasource.DataSource { return &serviceAccountDataSource{} }

type serviceAccountDataSource struct{ service.DataSource[*console] }

type serviceAccountDetails struct {
	ID          types.String           `tfsdk:"id"`
	Name        types.String           `tfsdk:"name"`
	Description types.String           `tfsdk:"description"`
	CreatedAt   types.String           `tfsdk:"created_at"`
	AgeDays     types.Int64            `tfsdk:"age_days"`
	UpdatedAt   types.String           `tfsdk:"updated_at"`
	Permissions keycardapi.Permissions `tfsdk:"permissions"`
}

// serviceAccountLookup is one service account, and where it was looked for.
type serviceAccountLookup struct {
	OrganizationID types.String `tfsdk:"organization_id"`
	expansion
	serviceAccountDetails
}

func serviceAccountDetailsOf(account keycardapi.ServiceAccount, now time.Time) serviceAccountDetails {
	return serviceAccountDetails{
		ID:          types.StringValue(account.ID),
		Name:        types.StringValue(account.Name),
		Description: service.TextOrNull(account.Description),
		CreatedAt:   service.TimeValue(account.CreatedAt),
		AgeDays:     service.DaysSince(account.CreatedAt, now),
		UpdatedAt:   service.TimeValue(account.UpdatedAt),
		Permissions: account.Permissions,
	}
}

func serviceAccountDetailsAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":          schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the account."},
		"name":        schema.StringAttribute{Computed: true, MarkdownDescription: "Name."},
		"description": schema.StringAttribute{Computed: true, MarkdownDescription: "Description."},
		"created_at":  schema.StringAttribute{Computed: true, MarkdownDescription: "Moment of creation (RFC 3339, UTC)."},
		"age_days":    service.AgeDays(),
		"updated_at":  schema.StringAttribute{Computed: true, MarkdownDescription: "Moment of the latest change (RFC 3339, UTC)."},
		"permissions": permissionsAttribute("the account"),
	}
}

func (d *serviceAccountDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_keycard_service_account"
}

func (d *serviceAccountDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := serviceAccountDetailsAttributes()
	attributes["organization_id"] = organizationArgument()
	attributes["expand"] = expandArgument()
	attributes["id"] = schema.StringAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: "Id of the account. Set this or `name`.",
		Validators:          idValidators(),
	}
	attributes["name"] = schema.StringAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: "Name of the account. Set this or `id`. More than one match is an error.",
		Validators:          nameValidators(),
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds one service account of a Keycard organization, by id or by name.",
		Attributes:          attributes,
	}
}

func (d *serviceAccountDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("name"))}
}

func (d *serviceAccountDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var lookup serviceAccountLookup
	resp.Diagnostics.Append(req.Config.Get(ctx, &lookup)...)
	console, ok := d.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	organization, diags := console.chosenOrganization(ctx, lookup.OrganizationID)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	lookup.OrganizationID = organization
	account, diags := console.lookUpAccount(ctx, lookup)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	lookup.serviceAccountDetails = serviceAccountDetailsOf(*account, console.ServerNow())
	resp.Diagnostics.Append(resp.State.Set(ctx, lookup)...)
}

// lookUpAccount finds the one account that is asked for.
func (c *console) lookUpAccount(ctx context.Context, lookup serviceAccountLookup) (*keycardapi.ServiceAccount, diag.Diagnostics) {
	organization := lookup.OrganizationID.ValueString()
	if id := lookup.ID.ValueString(); id != "" {
		account, err := c.ServiceAccount(ctx, organization, id, time.Time{}, lookup.permissions())
		switch {
		case keycardapi.IsGone(err):
			return nil, diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root("id"), "No such "+serviceAccountNoun,
				fmt.Sprintf("There is no service account with the id %q in this organization.", id))}
		case err != nil:
			return nil, diag.Diagnostics{c.failure("read", serviceAccountNoun, "service account "+id, err)}
		}
		return account, nil
	}
	accounts, err := c.ServiceAccounts(ctx, organization, lookup.permissions())
	if err != nil {
		return nil, diag.Diagnostics{c.failure("list", serviceAccountNoun+"s", "", err)}
	}
	return onlyNamed(serviceAccountNoun, lookup.Name.ValueString(), accounts.Items, func(account keycardapi.ServiceAccount) listEntry {
		return listEntry{id: account.ID, name: account.Name, created: account.CreatedAt}
	})
}
