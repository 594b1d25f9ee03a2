package zenml

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/zenml/zenmlapi"
)

var _ ephemeral.EphemeralResourceWithConfigure = (*accessTokenEphemeral)(nil)

const accessTokenNoun = "ephemeral ZenML access token"

func newAccessTokenEphemeral() ephemeral.EphemeralResource { return &accessTokenEphemeral{} }

type accessTokenEphemeral struct {
	service.EphemeralResource[*server]
}

type accessTokenModel struct {
	APIKey types.String `tfsdk:"api_key"`
	service.AccessToken
}

func (e *accessTokenEphemeral) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_zenml_access_token"
}

func (e *accessTokenEphemeral) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A short-lived access token for the API of a ZenML server, for whom the provider logs in as, or for an API key. Nothing is made on the server, and the token is in no state and no plan. " +
			"Without `api_key` it needs a user or an API key in the provider configuration: an `api_token` gets no other token. The server takes a login with an API key for a use of it. " +
			"Tokens end only on a server that sets `jwt_token_expire_minutes`.",
		Attributes: service.AccessTokenAttributes(accessTokenArguments()...),
	}
}

// accessTokenArguments name the credential to log in with.
func accessTokenArguments() []service.Given {
	return []service.Given{
		{Name: "api_key", Secret: true, Description: "API key of a service account (`ZENKEY_...`) to log in with. Default: as the provider logs in."},
	}
}

func (e *accessTokenEphemeral) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var model accessTokenModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() || !service.Mints(ctx, req.Config, &resp.Diagnostics, accessTokenArguments()...) {
		return
	}
	server, ok := e.Client(&resp.Diagnostics)
	if !ok {
		return
	}
	mint, object, advice := server.Mint, "the provider's own login", server.advice
	if !model.APIKey.IsNull() {
		mint, object, advice = server.MintFor(model.APIKey.ValueString()), "login with api_key", server.givenAdvice
	}
	token, err := mint(ctx)
	switch {
	case errors.Is(err, zenmlapi.ErrNoTokens):
		resp.Diagnostics.Append(server.failureThen("open", accessTokenNoun, "", err, noTokens))
	case err != nil:
		resp.Diagnostics.Append(server.failureThen("open", accessTokenNoun, object, err, advice(err)))
	default:
		model.Tell(token.Value, token.Expires)
		resp.Diagnostics.Append(resp.Result.Set(ctx, model)...)
	}
}

const noTokens = "Nothing was sent. Set zenml.username and zenml.password, or zenml.api_key, in place of zenml.api_token (ZENML_USERNAME, ZENML_PASSWORD, ZENML_API_KEY, ZENML_API_TOKEN), " +
	"or name an api_key here."

// givenAdvice is [server.advice] where the argument says how to log in, and not the provider's settings.
func (s *server) givenAdvice(err error) string {
	if !zenmlapi.IsLoginRefused(err) {
		return s.advice(err)
	}
	return "Check that api_key is that of this server: the key may be wrong, rotated, deactivated or deleted, or its service account deactivated."
}
