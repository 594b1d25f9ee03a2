package provider

import (
	"context"
	"crypto/x509"
	"regexp"
	"strconv"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service"
)

const (
	longestRequestTimeout = 10 * time.Minute
	defaultMaxRetries     = 4
	mostRetries           = 20

	resolveOutcome = "resolve"
	stopAtOutcome  = "stop"

	bulkRefreshVariable = "MACHINEID_BULK_REFRESH"
)

// Schema implements provider.Provider.
func (p *machineIDProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		"request_timeout": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "How long one exchange may take, from connecting to the last byte, for example `\"10s\"` or `\"2m\"`; at most 10 minutes. Default: `\"30s\"`.",
			Validators:          []validator.String{durationValidator{min: time.Second, max: longestRequestTimeout}},
		},
		"max_retries": schema.Int64Attribute{
			Optional:            true,
			MarkdownDescription: "How often an exchange is repeated that failed and is safe to repeat, 0 to 20. Default: 4.",
			Validators:          []validator.Int64{int64validator.Between(0, mostRetries)},
		},
		"ca_pem": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "PEM certificates of authorities to trust beside those of the machine, for servers with a private certificate.",
			Validators:          []validator.String{pemValidator{}},
		},
		"user_agent_suffix": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Text to add to the User-Agent header, for example the name of a pipeline.",
			Validators: []validator.String{
				stringvalidator.LengthBetween(1, 256),
				stringvalidator.RegexMatches(regexp.MustCompile(`^[\x20-\x7e]+$`), "must be printable ASCII"),
			},
		},
		"allow_self_lockout": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Whether the provider may cut off its own way in. Default: false, which refuses, at plan and again at apply, to delete, replace, rotate or deactivate " +
				"the credential or service account that the provider itself uses, to switch off Basic auth while it is used, and to end or lower the account's own membership. " +
				"What is its own follows from the settings, and from a request where those do not tell; with a Neowit `access_token` it cannot be known, and nothing is refused. " +
				"What a plan does not show, as the replacement of a tainted object or by `-replace`, is refused at apply.",
		},
		"adopt_existing": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Whether a creation that the system refuses because the name is taken takes over what has the name, instead of failing. " +
				"Accounts of ZenML, Neowit and Keycard are changed in place to what is planned. A ZenML API key is rotated, and only if it was never used. " +
				"Nothing else is adopted. **What another configuration manages is taken from it**, because no system tells: both then change the account, and the secret of an " +
				"API key in the other state ends. While this is set, a ZenML API key is not deleted if it was rotated since it came into the state, or if that is not known. " +
				"For one apply of a configuration whose state was lost, or whose apply was killed. Default: false.",
		},
		"bulk_refresh": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Whether a refresh reads many objects of one collection by the pages of its list, instead of one by one. What a list shows changed or missing is read by " +
				"itself before anything is concluded. Few objects of a large collection are still read one by one. Default: true. Environment: `" + bulkRefreshVariable + "`.",
		},
		"deletion_policy": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "What a destroy or a replacement does to objects that have no `deletion_policy` of their own: `\"delete\"` deletes them, `\"prevent\"` fails, `\"abandon\"` drops " +
				"them from the state and leaves them in the system. Default: `\"delete\"`.",
			Validators: []validator.String{service.Choice(service.DeleteObject, service.PreventDelete, service.AbandonObject)},
		},
		"unknown_outcome": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "What happens if the answer to a creation is lost. `\"resolve\"` looks for what was made just then and takes it into the state, to be replaced, " +
				"if it can only be the lost object. `\"stop\"` only lists what it finds; choose it where others make objects in the same place at the same time. Default: `\"resolve\"`.",
			Validators: []validator.String{service.Choice(resolveOutcome, stopAtOutcome)},
		},
	}
	for _, wing := range p.wings {
		attributes[wing.Name] = wing.Attribute
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Machine identities as code: service accounts, the credentials and API keys that belong to them, and their roles.",
		Attributes:          attributes,
	}
}

// bulkRefresh tells whether reads may be answered from lists.
func (p *machineIDProvider) bulkRefresh(ctx context.Context, config tfsdk.Config) (bool, diag.Diagnostics) {
	var configured types.Bool
	diags := config.GetAttribute(ctx, path.Root("bulk_refresh"), &configured)
	if !configured.IsNull() && !configured.IsUnknown() {
		return configured.ValueBool(), diags
	}
	text := p.getenv(bulkRefreshVariable)
	if text == "" {
		return true, diags
	}
	set, err := strconv.ParseBool(text)
	if err != nil {
		diags.AddAttributeError(path.Root("bulk_refresh"), "Invalid setting",
			"The environment variable "+bulkRefreshVariable+" must be true or false, not \""+text+"\".")
	}
	return set, diags
}

// http reads the settings that every system shares. A value that is unknown at plan takes its default there.
func (p *machineIDProvider) http(ctx context.Context, config tfsdk.Config, terraformVersion string) (service.HTTP, diag.Diagnostics) {
	var timeout, caPEM, suffix types.String
	var maxRetries types.Int64
	diags := config.GetAttribute(ctx, path.Root("request_timeout"), &timeout)
	diags.Append(config.GetAttribute(ctx, path.Root("max_retries"), &maxRetries)...)
	diags.Append(config.GetAttribute(ctx, path.Root("ca_pem"), &caPEM)...)
	diags.Append(config.GetAttribute(ctx, path.Root("user_agent_suffix"), &suffix)...)

	http := service.HTTP{
		MaxRetries: defaultMaxRetries,
		CAPEM:      caPEM.ValueString(),
		UserAgent:  p.userAgent(terraformVersion, suffix.ValueString()),
	}
	if duration, err := time.ParseDuration(timeout.ValueString()); err == nil {
		http.Timeout = duration
	}
	if !maxRetries.IsNull() && !maxRetries.IsUnknown() {
		http.MaxRetries = int(maxRetries.ValueInt64())
	}
	return http, diags
}

// durationValidator accepts what time.ParseDuration does, within bounds.
type durationValidator struct{ min, max time.Duration }

// Description implements [validator.Describer].
func (v durationValidator) Description(context.Context) string {
	return "must be a duration such as \"30s\" or \"2m\", from " + v.min.String() + " to " + v.max.String()
}

// MarkdownDescription implements [validator.Describer].
func (v durationValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString implements [validator.String].
func (v durationValidator) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	duration, err := time.ParseDuration(req.ConfigValue.ValueString())
	if err != nil || duration < v.min || duration > v.max {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid duration", "The value "+v.Description(ctx)+".")
	}
}

// pemValidator accepts text that holds a certificate.
type pemValidator struct{}

// Description implements [validator.Describer].
func (pemValidator) Description(context.Context) string {
	return "must hold at least one PEM certificate"
}

// MarkdownDescription implements [validator.Describer].
func (v pemValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString implements [validator.String].
func (v pemValidator) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if !x509.NewCertPool().AppendCertsFromPEM([]byte(req.ConfigValue.ValueString())) {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid certificates", "The value "+v.Description(ctx)+".")
	}
}
