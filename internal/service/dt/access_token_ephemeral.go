package dt

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/dt/dtapi"
)

var _ ephemeral.EphemeralResourceWithConfigure = (*accessTokenEphemeral)(nil)

const accessTokenNoun = "ephemeral DT access token"

func newAccessTokenEphemeral() ephemeral.EphemeralResource { return &accessTokenEphemeral{} }

type accessTokenEphemeral struct {
	service.EphemeralResource[*studio]
}

type accessTokenModel struct {
	KeyID  types.String `tfsdk:"key_id"`
	Secret types.String `tfsdk:"secret"`
	Email  types.String `tfsdk:"email"`
	service.AccessToken
}

func (e *accessTokenEphemeral) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_dt_access_token"
}

func (e *accessTokenEphemeral) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A short-lived access token for the API of DT Studio, for the key of the provider or for another one. Nothing is made in DT Studio, and the token is in no state and no plan. " +
			"It needs `auth = \"oauth2\"` in the provider configuration: Basic auth has no tokens.",
		Attributes: service.AccessTokenAttributes(accessTokenArguments()...),
	}
}

// accessTokenArguments name the credential to log in with.
func accessTokenArguments() []service.Given {
	return []service.Given{
		{Name: "key_id", Description: "Id of the key to log in with. Default: the provider's own key."},
		{Name: "secret", Secret: true, Description: "Secret of that key."},
		{Name: "email", Description: "E-mail address of the service account that the key belongs to."},
	}
}

func (e *accessTokenEphemeral) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var model accessTokenModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() || !service.Mints(ctx, req.Config, &resp.Diagnostics, accessTokenArguments()...) {
		return
	}
	studio, ok := e.Client(&resp.Diagnostics)
	if !ok {
		return
	}
	mint, object, advice := studio.Mint, "key "+studio.own.keyID+" of the provider", studio.advice
	if !model.KeyID.IsNull() {
		mint = studio.MintFor(model.KeyID.ValueString(), model.Secret.ValueString(), model.Email.ValueString())
		object, advice = "key "+model.KeyID.ValueString(), studio.givenAdvice
	}
	token, err := mint(ctx)
	switch {
	case errors.Is(err, dtapi.ErrNoTokens):
		resp.Diagnostics.Append(studio.failureThen("open", accessTokenNoun, "", err, noTokens))
	case err != nil:
		resp.Diagnostics.Append(studio.failureThen("open", accessTokenNoun, object, err, advice(err)))
	default:
		model.Tell(token.Value, token.Expires)
		resp.Diagnostics.Append(resp.Result.Set(ctx, model)...)
	}
}

const noTokens = "Nothing was sent. Set dt.auth = \"oauth2\" (DT_AUTH) and dt.email (DT_SERVICE_ACCOUNT_EMAIL), and dt.token_url (DT_TOKEN_URL) for another installation than the vendor's own. " +
	"With a second provider block, what is to stay with Basic auth can."

// givenAdvice is [studio.advice] where the arguments say how to log in, and not the provider's settings.
func (s *studio) givenAdvice(err error) string {
	if _, skewed := dtapi.ClockSkew(err); skewed || !dtapi.IsLoginRefused(err) {
		return s.advice(err)
	}
	return "Check that secret is that of key_id, that the key still exists, and that email is the address of the service account that the key belongs to."
}
