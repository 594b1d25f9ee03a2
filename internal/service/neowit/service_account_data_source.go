package neowit

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/neowit/neowitapi"
)

var (
	_ datasource.DataSourceWithConfigure        = (*serviceAccountDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*serviceAccountDataSource)(nil)
)

func newServiceAccountDataSource() datasource.DataSource { return &serviceAccountDataSource{} }

type serviceAccountDataSource struct{ service.DataSource[*tenant] }

// serviceAccountDetails is a service account with its keys, which change without the account and so are on no resource.
type serviceAccountDetails struct {
	ID              types.String `tfsdk:"id"`
	Name            types.String `tfsdk:"name"`
	EnableBasicAuth types.Bool   `tfsdk:"enable_basic_auth"`
	Created         types.String `tfsdk:"created"`
	CreatedUnix     types.Int64  `tfsdk:"created_unix"`
	AgeDays         types.Int64  `tfsdk:"age_days"`
	Keys            []keyDetails `tfsdk:"keys"`
}

type keyDetails struct {
	KeyID       types.String `tfsdk:"key_id"`
	Created     types.String `tfsdk:"created"`
	CreatedUnix types.Int64  `tfsdk:"created_unix"`
	AgeDays     types.Int64  `tfsdk:"age_days"`
}

// serviceAccountLookup is one service account, and where it was looked for.
type serviceAccountLookup struct {
	OrgID types.String `tfsdk:"org_id"`
	serviceAccountDetails
}

func serviceAccountDetailsOf(account neowitapi.ServiceAccount, now time.Time) serviceAccountDetails {
	details := serviceAccountDetails{
		ID:              types.StringValue(account.ID),
		Name:            types.StringValue(account.Name),
		EnableBasicAuth: types.BoolValue(account.EnableBasicAuth),
		Created:         service.TimeValue(account.Created.Time()),
		CreatedUnix:     createdUnix(account.Created),
		AgeDays:         service.DaysSince(account.Created.Time(), now),
		Keys:            make([]keyDetails, len(account.Keys)),
	}
	for i, key := range account.Keys {
		details.Keys[i] = keyDetails{
			KeyID:       types.StringValue(key.ID),
			Created:     service.TimeValue(key.Created.Time()),
			CreatedUnix: createdUnix(key.Created),
			AgeDays:     service.DaysSince(key.Created.Time(), now),
		}
	}
	return details
}

func serviceAccountDetailsAttributes() map[string]schema.Attribute {
	created := schema.StringAttribute{Computed: true, MarkdownDescription: "Moment of creation (RFC 3339, UTC)."}
	createdUnix := schema.Int64Attribute{Computed: true, MarkdownDescription: "Moment of creation, in seconds since 1970."}
	return map[string]schema.Attribute{
		"id":                schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the account."},
		"name":              schema.StringAttribute{Computed: true, MarkdownDescription: "Name."},
		"enable_basic_auth": schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether Basic auth is accepted."},
		"created":           created,
		"created_unix":      createdUnix,
		"age_days":          service.AgeDays(),
		"keys": schema.ListNestedAttribute{
			Computed:            true,
			MarkdownDescription: "The keys of the account, in the server's order. Secrets are not readable.",
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"key_id":       schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the key."},
				"created":      created,
				"created_unix": createdUnix,
				"age_days":     service.AgeDays(),
			}},
		},
	}
}

// organizationArgument names the organization that a data source reads.
func organizationArgument() schema.StringAttribute {
	return schema.StringAttribute{
		Optional:            true,
		MarkdownDescription: "The organization to look in. Default: the provider's `org_id`, else the caller's own.",
		Validators:          idValidators(),
	}
}

func (d *serviceAccountDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_neowit_service_account"
}

func (d *serviceAccountDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := serviceAccountDetailsAttributes()
	attributes["org_id"] = organizationArgument()
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
		MarkdownDescription: "Finds one service account of a Neowit organization, by id or by name, with its keys. " +
			"It relies on calls that Neowit does not document.",
		Attributes: attributes,
	}
}

func (d *serviceAccountDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("name"))}
}

func (d *serviceAccountDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var lookup serviceAccountLookup
	resp.Diagnostics.Append(req.Config.Get(ctx, &lookup)...)
	tenant, ok := d.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	account, diags := tenant.lookUp(ctx, lookup)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	lookup.serviceAccountDetails = serviceAccountDetailsOf(*account, tenant.ServerNow())
	resp.Diagnostics.Append(resp.State.Set(ctx, lookup)...)
}

// lookUp finds the one account that is asked for.
func (t *tenant) lookUp(ctx context.Context, lookup serviceAccountLookup) (*neowitapi.ServiceAccount, diag.Diagnostics) {
	organization := t.newOrganization(lookup.OrgID).ValueString()
	if id := lookup.ID.ValueString(); id != "" {
		account, err := t.ServiceAccount(ctx, organization, id, time.Time{})
		switch {
		case neowitapi.IsGone(err):
			return nil, diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root("id"), "No such "+serviceAccountNoun,
				fmt.Sprintf("There is no service account with the id %q in this organization.", id))}
		case err != nil:
			return nil, diag.Diagnostics{t.failure("read", serviceAccountNoun, "service account "+id, err)}
		}
		return account, nil
	}
	accounts, err := t.ServiceAccounts(ctx, organization)
	if err != nil {
		return nil, diag.Diagnostics{t.failure("list", serviceAccountNoun+"s", "", err)}
	}
	name := lookup.Name.ValueString()
	var found []neowitapi.ServiceAccount
	for _, account := range accounts {
		if account.Name == name {
			found = append(found, account)
		}
	}
	if len(found) == 1 {
		return &found[0], nil
	}
	return nil, diag.Diagnostics{notOne(name, found)}
}

func notOne(name string, found []neowitapi.ServiceAccount) diag.Diagnostic {
	if len(found) == 0 {
		return diag.NewAttributeErrorDiagnostic(path.Root("name"), "No such "+serviceAccountNoun,
			fmt.Sprintf("There is no service account with the name %q in this organization.", name))
	}
	lines := make([]string, len(found))
	for i, account := range found {
		lines[i] = fmt.Sprintf("- %s, made at %s", account.ID, service.TimeValue(account.Created.Time()).ValueString())
	}
	return diag.NewAttributeErrorDiagnostic(path.Root("name"), "More than one "+serviceAccountNoun,
		fmt.Sprintf("There are %d service accounts with the name %q. Set id to choose one:\n\n%s", len(found), name, strings.Join(lines, "\n")))
}
