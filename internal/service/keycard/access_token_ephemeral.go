package keycard

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/keycard/keycardapi"
)

var _ ephemeral.EphemeralResourceWithConfigure = (*accessTokenEphemeral)(nil)

const accessTokenNoun = "ephemeral Keycard access token"

func newAccessTokenEphemeral() ephemeral.EphemeralResource { return &accessTokenEphemeral{} }

type accessTokenEphemeral struct {
	service.EphemeralResource[*console]
}

type accessTokenModel struct {
	ClientID     types.String `tfsdk:"client_id"`
	ClientSecret types.String `tfsdk:"client_secret"`
	service.AccessToken
}

func (e *accessTokenEphemeral) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_keycard_access_token"
}

func (e *accessTokenEphemeral) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A short-lived access token for the API of Keycard, for the credential of the provider or for another one. Nothing is made in Keycard, and the token is in no state and no plan. " +
			"Keycard may take a login for a use of the credential.",
		Attributes: service.AccessTokenAttributes(accessTokenArguments()...),
	}
}

// accessTokenArguments name the credential to log in with.
func accessTokenArguments() []service.Given {
	return []service.Given{
		{Name: "client_id", Description: "Client id of the credential to log in with. Default: the provider's own credential."},
		{Name: "client_secret", Secret: true, Description: "Client secret of that credential."},
	}
}

func (e *accessTokenEphemeral) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var model accessTokenModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() || !service.Mints(ctx, req.Config, &resp.Diagnostics, accessTokenArguments()...) {
		return
	}
	console, ok := e.Client(&resp.Diagnostics)
	if !ok {
		return
	}
	mint, object, advice := console.Mint, "credential "+console.own.clientID+" of the provider", advice
	if !model.ClientID.IsNull() {
		mint = console.MintFor(model.ClientID.ValueString(), model.ClientSecret.ValueString())
		object, advice = "credential "+model.ClientID.ValueString(), givenAdvice
	}
	token, err := mint(ctx)
	if err != nil {
		resp.Diagnostics.Append(service.Failure{Operation: "open", Noun: accessTokenNoun, Object: object, Err: err, Next: advice(err)}.Diagnostic())
		return
	}
	model.Tell(token.Value, token.Expires)
	resp.Diagnostics.Append(resp.Result.Set(ctx, model)...)
}

// givenAdvice is [advice] where the arguments say how to log in, and not the provider's settings.
func givenAdvice(err error) string {
	if !keycardapi.IsLoginRefused(err) {
		return advice(err)
	}
	return "Check that client_secret is that of client_id, and that the credential and its service account still exist."
}
