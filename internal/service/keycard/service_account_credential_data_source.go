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
	_ datasource.DataSourceWithConfigure        = (*credentialDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*credentialDataSource)(nil)
)

func newCredentialDataSource() datasource.DataSource { return &credentialDataSource{} }

type credentialDataSource struct{ service.DataSource[*console] }

type credentialDetails struct {
	ID          types.String           `tfsdk:"id"`
	Name        types.String           `tfsdk:"name"`
	Description types.String           `tfsdk:"description"`
	ClientID    types.String           `tfsdk:"client_id"`
	CreatedAt   types.String           `tfsdk:"created_at"`
	AgeDays     types.Int64            `tfsdk:"age_days"`
	LastUsedAt  types.String           `tfsdk:"last_used_at"`
	UnusedDays  types.Int64            `tfsdk:"unused_days"`
	Permissions keycardapi.Permissions `tfsdk:"permissions"`
}

// credentialLookup is one credential, and where it was looked for.
type credentialLookup struct {
	OrganizationID   types.String `tfsdk:"organization_id"`
	ServiceAccountID types.String `tfsdk:"service_account_id"`
	expansion
	credentialDetails
}

func credentialDetailsOf(found keycardapi.Credential, now time.Time) credentialDetails {
	return credentialDetails{
		ID:          types.StringValue(found.ID),
		Name:        types.StringValue(found.Name),
		Description: service.TextOrNull(found.Description),
		ClientID:    types.StringValue(found.ClientID),
		CreatedAt:   service.TimeValue(found.CreatedAt),
		AgeDays:     service.DaysSince(found.CreatedAt, now),
		LastUsedAt:  service.TimeValue(found.LastUsedAt),
		UnusedDays:  service.DaysSince(service.IdleSince(found.CreatedAt, found.LastUsedAt), now),
		Permissions: found.Permissions,
	}
}

func credentialDetailsAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":           schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the credential."},
		"name":         schema.StringAttribute{Computed: true, MarkdownDescription: "Name."},
		"description":  schema.StringAttribute{Computed: true, MarkdownDescription: "Description."},
		"client_id":    schema.StringAttribute{Computed: true, MarkdownDescription: "Client id: what a login names."},
		"created_at":   schema.StringAttribute{Computed: true, MarkdownDescription: "Moment of creation (RFC 3339, UTC)."},
		"age_days":     service.AgeDays(),
		"last_used_at": schema.StringAttribute{Computed: true, MarkdownDescription: "Moment of the latest use (RFC 3339, UTC). Null if it was never used."},
		"unused_days":  service.UnusedDays(),
		"permissions":  permissionsAttribute("the credential"),
	}
}

func (d *credentialDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_keycard_service_account_credential"
}

func (d *credentialDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := credentialDetailsAttributes()
	attributes["organization_id"] = organizationArgument()
	attributes["service_account_id"] = serviceAccountArgument()
	attributes["expand"] = expandArgument()
	attributes["id"] = schema.StringAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: "Id of the credential. Set this or `name`.",
		Validators:          idValidators(),
	}
	attributes["name"] = schema.StringAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: "Name of the credential. Set this or `id`. More than one match is an error.",
		Validators:          nameValidators(),
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds one credential of a Keycard service account, by id or by name. Its secret is not readable.",
		Attributes:          attributes,
	}
}

func serviceAccountArgument() schema.StringAttribute {
	return schema.StringAttribute{
		Required:            true,
		MarkdownDescription: "Id of the service account.",
		Validators:          idValidators(),
	}
}

func (d *credentialDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("name"))}
}

func (d *credentialDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var lookup credentialLookup
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
	found, diags := console.lookUpCredential(ctx, lookup)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	lookup.credentialDetails = credentialDetailsOf(*found, console.ServerNow())
	resp.Diagnostics.Append(resp.State.Set(ctx, lookup)...)
}

// lookUpCredential finds the one credential that is asked for.
func (c *console) lookUpCredential(ctx context.Context, lookup credentialLookup) (*keycardapi.Credential, diag.Diagnostics) {
	organization, account := lookup.OrganizationID.ValueString(), lookup.ServiceAccountID.ValueString()
	if id := lookup.ID.ValueString(); id != "" {
		found, err := c.Credential(ctx, organization, account, id, time.Time{}, lookup.permissions())
		switch {
		case keycardapi.IsAccountGone(err):
			return nil, diag.Diagnostics{noAccount(account)}
		case keycardapi.IsGone(err):
			return nil, diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root("id"), "No such "+credentialNoun,
				fmt.Sprintf("The service account %s has no credential with the id %q.", account, id))}
		case err != nil:
			return nil, diag.Diagnostics{c.failure("read", credentialNoun, fmt.Sprintf("credential %s of service account %s", id, account), err)}
		}
		return found, nil
	}
	credentials, diags := c.listCredentials(ctx, organization, account, lookup.permissions())
	if diags.HasError() {
		return nil, diags
	}
	return onlyNamed(credentialNoun, lookup.Name.ValueString(), credentials.Items, func(found keycardapi.Credential) listEntry {
		return listEntry{id: found.ID, name: found.Name, created: found.CreatedAt}
	})
}

// listCredentials lists the credentials of an account that is named in a configuration.
func (c *console) listCredentials(
	ctx context.Context, organization, account string, permissions bool,
) (*keycardapi.Listed[keycardapi.Credential], diag.Diagnostics) {
	credentials, err := c.Credentials(ctx, organization, account, permissions)
	switch {
	case keycardapi.IsGone(err):
		return nil, diag.Diagnostics{noAccount(account)}
	case err != nil:
		return nil, diag.Diagnostics{c.failure("list", credentialNoun+"s", "service account "+account, err)}
	}
	return credentials, nil
}

func noAccount(account string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("service_account_id"), "No such "+serviceAccountNoun,
		fmt.Sprintf("There is no service account with the id %q in this organization.", account))
}
