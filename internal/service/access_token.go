package service

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// AccessToken is what an ephemeral access token tells. Embed it in a model.
type AccessToken struct {
	AccessToken types.String `tfsdk:"access_token"`
	ExpiresAt   types.String `tfsdk:"expires_at"`
}

// TokenOf tells a token, which ends at a moment as far as that is known.
func TokenOf(value string, expires time.Time) AccessToken {
	return AccessToken{AccessToken: types.StringValue(value), ExpiresAt: TimeValue(expires)}
}

// Given is an argument of an ephemeral access token: a part of the credential to log in with in place of the provider's own.
type Given struct {
	Name, Description string
	Secret            bool
}

// AccessTokenAttributes are the attributes of an ephemeral access token. Of the arguments, all are given or none.
func AccessTokenAttributes(arguments ...Given) map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{
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
	var all []path.Expression
	for _, argument := range arguments {
		all = append(all, path.MatchRoot(argument.Name))
	}
	for _, argument := range arguments {
		attributes[argument.Name] = schema.StringAttribute{
			Optional: true, Sensitive: argument.Secret, MarkdownDescription: argument.Description,
			Validators: []validator.String{stringvalidator.LengthAtLeast(1), stringvalidator.AlsoRequires(all...)},
		}
	}
	return attributes
}
