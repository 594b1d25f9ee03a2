package neowit

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/neowit/neowitapi"
)

var _ ephemeral.EphemeralResourceWithConfigure = (*accessTokenEphemeral)(nil)

const accessTokenNoun = "ephemeral Neowit access token"

func newAccessTokenEphemeral() ephemeral.EphemeralResource { return &accessTokenEphemeral{} }

type accessTokenEphemeral struct {
	service.EphemeralResource[*tenant]
}

type accessTokenModel struct {
	ServiceAccountID types.String `tfsdk:"service_account_id"`
	KeyID            types.String `tfsdk:"key_id"`
	Secret           types.String `tfsdk:"secret"`
	service.AccessToken
}

func (e *accessTokenEphemeral) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_neowit_access_token"
}

func (e *accessTokenEphemeral) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A short-lived access token for the API of Neowit, for the key of the provider or for another one. Nothing is made in Neowit, and the token is in no state and no plan. " +
			"Without arguments it needs `auth = \"oauth2\"` and a key in the provider configuration: there is no exchange for Basic auth, nor for an `access_token`.",
		Attributes: service.AccessTokenAttributes(accessTokenArguments()...),
	}
}

// accessTokenArguments name the credential to log in with.
func accessTokenArguments() []service.Given {
	return []service.Given{
		{Name: "service_account_id", Description: "Id of the service account that the key belongs to. Default: all three are those of the provider."},
		{Name: "key_id", Description: "Id of the key to log in with."},
		{Name: "secret", Secret: true, Description: "Secret of that key."},
	}
}

func (e *accessTokenEphemeral) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var model accessTokenModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() || !service.Mints(ctx, req.Config, &resp.Diagnostics, accessTokenArguments()...) {
		return
	}
	tenant, ok := e.Client(&resp.Diagnostics)
	if !ok {
		return
	}
	mint, object, advice := tenant.Mint, "key "+tenant.own.keyID+" of the provider", tenant.advice
	if !model.KeyID.IsNull() {
		mint = tenant.MintFor(model.ServiceAccountID.ValueString(), model.KeyID.ValueString(), model.Secret.ValueString())
		object, advice = "key "+model.KeyID.ValueString()+" of service account "+model.ServiceAccountID.ValueString(), tenant.givenAdvice
	}
	token, err := mint(ctx)
	switch {
	case errors.Is(err, neowitapi.ErrNoTokens):
		resp.Diagnostics.Append(tenant.failureThen("open", accessTokenNoun, "", err, noTokens))
	case err != nil:
		resp.Diagnostics.Append(tenant.failureThen("open", accessTokenNoun, object, err, advice(err)))
	default:
		model.Tell(token.Value, token.Expires)
		resp.Diagnostics.Append(resp.Result.Set(ctx, model)...)
	}
}

const noTokens = "Nothing was sent. Set neowit.auth = \"oauth2\" (NEOWIT_AUTH) and neowit.service_account_id, neowit.key_id and neowit.secret (NEOWIT_SERVICE_ACCOUNT_ID, NEOWIT_KEY_ID, NEOWIT_SECRET), " +
	"or name a key in the arguments here."

// givenAdvice is [tenant.advice] where the arguments say how to log in, and not the provider's settings.
func (t *tenant) givenAdvice(err error) string {
	if _, skewed := neowitapi.ClockSkew(err); skewed || !neowitapi.IsLoginRefused(err) {
		return t.advice(err)
	}
	return "Check that secret is that of key_id, that the key still exists, and that service_account_id is the account that it belongs to."
}
