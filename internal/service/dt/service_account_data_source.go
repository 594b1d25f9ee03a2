package dt

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/dt/dtapi"
)

var (
	_ datasource.DataSourceWithConfigure        = (*serviceAccountDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*serviceAccountDataSource)(nil)
)

func newServiceAccountDataSource() datasource.DataSource { return &serviceAccountDataSource{} }

type serviceAccountDataSource struct{ service.DataSource[*studio] }

// serviceAccountDetails is a service account with the field that moves by itself, which no resource may have.
type serviceAccountDetails struct {
	ID              types.String `tfsdk:"id"`
	Name            types.String `tfsdk:"name"`
	DisplayName     types.String `tfsdk:"display_name"`
	EnableBasicAuth types.Bool   `tfsdk:"enable_basic_auth"`
	Email           types.String `tfsdk:"email"`
	CreateTime      types.String `tfsdk:"create_time"`
	AgeDays         types.Int64  `tfsdk:"age_days"`
	UpdateTime      types.String `tfsdk:"update_time"`
}

// serviceAccountLookup is one service account, and where it was looked for.
type serviceAccountLookup struct {
	Project types.String `tfsdk:"project"`
	serviceAccountDetails
}

func serviceAccountDetailsOf(account *dtapi.ServiceAccount, now time.Time) serviceAccountDetails {
	return serviceAccountDetails{
		ID:              types.StringValue(lastSegment(account.Name)),
		Name:            types.StringValue(account.Name),
		DisplayName:     types.StringValue(account.DisplayName),
		EnableBasicAuth: types.BoolValue(account.EnableBasicAuth),
		Email:           types.StringValue(account.Email),
		CreateTime:      service.TimeValue(account.CreateTime),
		AgeDays:         service.DaysSince(account.CreateTime, now),
		UpdateTime:      service.TimeValue(account.UpdateTime),
	}
}

func serviceAccountDetailsAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":                schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the account, the last part of `name`."},
		"name":              schema.StringAttribute{Computed: true, MarkdownDescription: "Full resource name, `projects/<project>/serviceaccounts/<id>`."},
		"display_name":      schema.StringAttribute{Computed: true, MarkdownDescription: "Name that DT Studio shows."},
		"enable_basic_auth": schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether Basic auth is accepted."},
		"email":             schema.StringAttribute{Computed: true, MarkdownDescription: "E-mail address."},
		"create_time":       schema.StringAttribute{Computed: true, MarkdownDescription: "Moment of creation (RFC 3339, UTC)."},
		"age_days":          service.AgeDays(),
		"update_time":       schema.StringAttribute{Computed: true, MarkdownDescription: "Moment of the latest change (RFC 3339, UTC)."},
	}
}

func (d *serviceAccountDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_dt_service_account"
}

func (d *serviceAccountDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := serviceAccountDetailsAttributes()
	attributes["project"] = projectArgument("The owning project")
	attributes["id"] = schema.StringAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: "Id of the account, the last part of `name`. Set this, `email` or `display_name`.",
		Validators:          []validator.String{stringvalidator.RegexMatches(accountID, "must be the id alone, the last part of the full name")},
	}
	attributes["email"] = schema.StringAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: "E-mail address of the account. Set this, `id` or `display_name`.",
		Validators:          emailValidators(),
	}
	attributes["display_name"] = schema.StringAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: "Name that DT Studio shows. Set this, `id` or `email`. Names need not be unique: more than one match is an error.",
		Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds one service account of a DT Studio project, by id, by e-mail address or by display name.",
		Attributes:          attributes,
	}
}

// projectArgument names the project that a data source reads.
func projectArgument(what string) schema.StringAttribute {
	return schema.StringAttribute{Required: true, MarkdownDescription: what + ", as `projects/<id>` or `<id>`.", Validators: projectValidators()}
}

func (d *serviceAccountDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("email"), path.MatchRoot("display_name")),
	}
}

func (d *serviceAccountDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var lookup serviceAccountLookup
	resp.Diagnostics.Append(req.Config.Get(ctx, &lookup)...)
	studio, ok := d.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	account, diags := studio.lookUp(ctx, lookup)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	lookup.serviceAccountDetails = serviceAccountDetailsOf(account, studio.ServerNow())
	resp.Diagnostics.Append(resp.State.Set(ctx, lookup)...)
}

// lookUp finds the one account that is asked for.
func (s *studio) lookUp(ctx context.Context, lookup serviceAccountLookup) (*dtapi.ServiceAccount, diag.Diagnostics) {
	project := fullProject(lookup.Project.ValueString())
	name := project + "/serviceaccounts/" + lookup.ID.ValueString()
	made, created, ok := s.Made(lookup.ID.ValueString() + lookup.Email.ValueString()) // of which one is set at most
	if !lookup.ID.IsNull() || ok && parentOf(made) == project {
		if lookup.ID.IsNull() {
			name = made
		}
		account, err := s.ServiceAccount(ctx, name, created)
		if err != nil {
			return nil, diag.Diagnostics{s.failure("read", serviceAccountNoun, "service account "+name, err)}
		}
		return account, nil
	}
	accounts, err := s.ServiceAccounts(ctx, project)
	if err != nil {
		return nil, diag.Diagnostics{s.failure("list", serviceAccountNoun+"s", "project "+project, err)}
	}
	var found []dtapi.ServiceAccount
	for _, account := range accounts {
		if lookup.matches(account) {
			found = append(found, account)
		}
	}
	if len(found) == 1 {
		return &found[0], nil
	}
	return nil, diag.Diagnostics{lookup.notOne(project, found)}
}

func (l serviceAccountLookup) matches(account dtapi.ServiceAccount) bool {
	if email := l.Email.ValueString(); email != "" {
		return strings.EqualFold(account.Email, email)
	}
	return account.DisplayName == l.DisplayName.ValueString()
}

func (l serviceAccountLookup) notOne(project string, found []dtapi.ServiceAccount) diag.Diagnostic {
	attribute, value := "display_name", l.DisplayName.ValueString()
	if l.DisplayName.IsNull() {
		attribute, value = "email", l.Email.ValueString()
	}
	if len(found) == 0 {
		return diag.NewAttributeErrorDiagnostic(path.Root(attribute), "No such "+serviceAccountNoun,
			fmt.Sprintf("%s has no service account whose %s is %q. An account is found in its owning project only, "+
				"not where it is a member.", project, attribute, value))
	}
	lines := make([]string, len(found))
	for i, account := range found {
		lines[i] = fmt.Sprintf("- %s, made at %s", account.Name, service.TimeValue(account.CreateTime).ValueString())
	}
	return diag.NewAttributeErrorDiagnostic(path.Root(attribute), "More than one "+serviceAccountNoun,
		fmt.Sprintf("%s has %d service accounts whose %s is %q. Set id to choose one:\n\n%s", project, len(found), attribute, value, strings.Join(lines, "\n")))
}
