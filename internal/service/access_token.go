package service

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// mintWhen is the attribute that says whether a token is minted.
const mintWhen = "mint_when"

// AccessToken is what all ephemeral access tokens have. Embed it in a model.
type AccessToken struct {
	MintWhen    types.Bool   `tfsdk:"mint_when"`
	AccessToken types.String `tfsdk:"access_token"`
	ExpiresAt   types.String `tfsdk:"expires_at"`
}

// Tell tells a token, which ends at a moment as far as that is known.
func (a *AccessToken) Tell(value string, expires time.Time) {
	a.AccessToken, a.ExpiresAt = types.StringValue(value), TimeValue(expires)
}

// Given is an argument of an ephemeral access token: a part of the credential to log in with in place of the provider's own.
type Given struct {
	Name, Description string
	Secret            bool
}

// AccessTokenAttributes are the attributes of an ephemeral access token. Of the arguments, all are given or none, unless
// mint_when is false.
func AccessTokenAttributes(arguments ...Given) map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{
		mintWhen: schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Whether to get a token. Default: `true`. Set `terraform.applying`, as on the credential that the arguments come from: a plan makes no credential, " +
				"and arguments that are null ask for a token of the provider's own login. While it is false, nothing is sent, and what the system would tell is null.",
		},
		"access_token": schema.StringAttribute{
			Computed: true, Sensitive: true,
			MarkdownDescription: "The bearer token. Each opening gets one of its own, with its full lifetime: it is not the one that the provider itself uses.",
		},
		"expires_at": schema.StringAttribute{
			Computed: true,
			MarkdownDescription: "When the token ends, by the system's own clock (RFC 3339, UTC). Null if the system does not tell. The token is not renewed, " +
				"because Terraform could not be handed a new one: a run that takes longer needs another.",
		},
	}
	for _, argument := range arguments {
		attributes[argument.Name] = schema.StringAttribute{
			Optional: true, Sensitive: argument.Secret, MarkdownDescription: argument.Description,
			Validators: []validator.String{stringvalidator.LengthAtLeast(1), allOrNone(arguments)},
		}
	}
	return attributes
}

// Mints tells whether an opening gets a token: mint_when is not false, and the arguments are all given or none. Validation
// cannot tell the latter where values are not known yet.
func Mints(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics, arguments ...Given) bool {
	mints, found := minting(ctx, config)
	diags.Append(found...)
	if diags.HasError() || !mints {
		return false
	}
	for _, argument := range arguments {
		at := path.Root(argument.Name)
		var value types.String
		diags.Append(config.GetAttribute(ctx, at, &value)...)
		var checked validator.StringResponse
		allOrNone(arguments).ValidateString(ctx, validator.StringRequest{Path: at, PathExpression: at.Expression(), Config: config, ConfigValue: value}, &checked)
		diags.Append(checked.Diagnostics...)
	}
	return !diags.HasError()
}

// minting tells whether mint_when is true or null; unknown is neither.
func minting(ctx context.Context, config tfsdk.Config) (bool, diag.Diagnostics) {
	var when types.Bool
	diags := config.GetAttribute(ctx, path.Root(mintWhen), &when)
	return when.IsNull() || when.ValueBool(), diags
}

// allOrNone lets an argument be given only with all the others, as far as a token is known to be minted.
type allOrNone []Given

// Description implements [validator.Describer].
func (a allOrNone) Description(ctx context.Context) string {
	return a.all().Description(ctx) + ", unless mint_when is false"
}

// MarkdownDescription implements [validator.Describer].
func (a allOrNone) MarkdownDescription(ctx context.Context) string { return a.Description(ctx) }

// ValidateString implements [validator.String].
func (a allOrNone) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	mints, diags := minting(ctx, req.Config)
	resp.Diagnostics.Append(diags...)
	if mints {
		a.all().ValidateString(ctx, req, resp)
	}
}

func (a allOrNone) all() validator.String {
	var all []path.Expression
	for _, argument := range a {
		all = append(all, path.MatchRoot(argument.Name))
	}
	return stringvalidator.AlsoRequires(all...)
}
