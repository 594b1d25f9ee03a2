package zenml

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/outcome"
	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/zenml/zenmlapi"
)

var (
	_ ephemeral.EphemeralResourceWithConfigure = (*apiKeyEphemeral)(nil)
	_ ephemeral.EphemeralResourceWithClose     = (*apiKeyEphemeral)(nil)
)

const ephemeralKeyNoun = "ephemeral " + apiKeyNoun

func newAPIKeyEphemeral() ephemeral.EphemeralResource { return &apiKeyEphemeral{} }

type apiKeyEphemeral struct {
	service.EphemeralResource[*server]
}

type ephemeralKeyModel struct {
	CreateWhen       types.Bool   `tfsdk:"create_when"`
	ServiceAccountID types.String `tfsdk:"service_account_id"`
	Name             types.String `tfsdk:"name"`
	Description      types.String `tfsdk:"description"`
	ID               types.String `tfsdk:"id"`
	Created          types.String `tfsdk:"created"`
	Key              types.String `tfsdk:"key"`
}

// openedKey is what private data keeps of a key until it is revoked.
type openedKey struct {
	Account string `json:"account"`
	ID      string `json:"id"`
}

// openedNote is where private data keeps it.
const openedNote = "opened"

func (e *apiKeyEphemeral) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_zenml_api_key"
}

func (e *apiKeyEphemeral) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "An API key of a ZenML service account that lives as long as an apply: it is made when something needs it, and revoked after that, also if the apply fails. " +
			"It is in no state and no plan. With the key, every token that was made with it ends. The provider's `deletion_policy` does not concern it.\n\n" +
			"If the run is killed, the key stays, and its name is taken. The data source `machineid_zenml_api_keys` lists it with its age.",
		Attributes: map[string]schema.Attribute{
			"create_when": service.CreateWhen(),
			"service_account_id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "UUID of the service account that the key belongs to.",
				Validators:          uuidValidators(),
			},
			"name": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "Name, unique within the service account; 1 to 255 characters, and not of the form of a UUID. Runs at the same time need different ones, " +
					"such as with the number of the pipeline in it.",
				Validators: nameValidators(),
			},
			"description": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Description, at most 65535 characters. Default: empty.",
				Validators:          []validator.String{stringvalidator.UTF8LengthAtMost(maxDescription)},
			},
			"id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "UUID of the key.",
			},
			"created": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Moment of creation (RFC 3339, UTC).",
			},
			"key": schema.StringAttribute{
				Computed:            true,
				Sensitive:           true,
				MarkdownDescription: "The key itself (`ZENKEY_...`), the secret.",
			},
		},
	}
}

func (e *apiKeyEphemeral) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var model ephemeralKeyModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() || !model.CreateWhen.ValueBool() {
		return
	}
	server, ok := e.Client(&resp.Diagnostics)
	if !ok {
		return
	}
	key, err := server.openKey(ctx, model.ServiceAccountID.ValueString(),
		zenmlapi.APIKeyCreate{Name: model.Name.ValueString(), Description: model.Description.ValueString()})
	if err != nil {
		resp.Diagnostics.Append(server.keyNotOpened(ctx, model, key, err)...)
		return
	}
	model.ID, model.Created, model.Key = types.StringValue(key.ID), timeValue(&key.Created), types.StringValue(key.Key)
	resp.Diagnostics.Append(service.WriteNote(ctx, resp.Private, openedNote, openedKey{Account: model.ServiceAccountID.ValueString(), ID: key.ID})...)
	resp.Diagnostics.Append(resp.Result.Set(ctx, model)...)
}

func (e *apiKeyEphemeral) Close(ctx context.Context, req ephemeral.CloseRequest, resp *ephemeral.CloseResponse) {
	opened, diags := service.ReadNote[openedKey](ctx, req.Private, openedNote, "of the key to revoke")
	resp.Diagnostics.Append(diags...)
	if opened == nil || resp.Diagnostics.HasError() {
		return
	}
	server, ok := e.Client(&resp.Diagnostics)
	if !ok {
		return
	}
	resp.Diagnostics.Append(server.revokeOpened(ctx, *opened)...)
}

// revokeOpened deletes a key that an ephemeral resource has made; one that is gone is none to tell of.
func (s *server) revokeOpened(ctx context.Context, opened openedKey) diag.Diagnostics {
	object := fmt.Sprintf("API key %s of service account %s", opened.ID, opened.Account)
	if opened.ID == s.own.keyID {
		return diag.Diagnostics{service.NamedOwn("ZenML", apiKeyNoun, object, "machineid_zenml_api_keys")}
	}
	ctx, cancel := service.Revoking(ctx)
	defer cancel()
	err := s.DeleteAPIKey(ctx, opened.Account, opened.ID)
	if err == nil || zenmlapi.IsNotFound(err) {
		return nil
	}
	return diag.Diagnostics{service.Failure{
		Operation: "revoke", Noun: ephemeralKeyNoun, Object: object, Err: err, Stateless: true,
		Next: service.StillThere("key", "machineid_zenml_api_keys", s.advice(err)),
	}.Diagnostic()}
}

// keyNotOpened explains a failed creation; that of a name which is taken, with what has it. A key of which not all was told
// is revoked: what fails to open is not closed.
func (s *server) keyNotOpened(ctx context.Context, model ephemeralKeyModel, key *zenmlapi.APIKey, err error) diag.Diagnostics {
	var diags diag.Diagnostics
	next := s.advice(err)
	switch {
	case key != nil:
		diags = s.revokeOpened(ctx, openedKey{Account: model.ServiceAccountID.ValueString(), ID: key.ID})
		if !diags.HasError() {
			next = service.RevokedAgain("key " + key.ID)
		}
	case zenmlapi.IsConflict(err) && !outcome.IsUnresolved(err):
		next = s.whoHasName(ctx, model)
	}
	failure := service.Failure{
		Operation: "open", Noun: ephemeralKeyNoun, Object: fmt.Sprintf("API key %q of service account %s", model.Name.ValueString(), model.ServiceAccountID.ValueString()),
		Err: err, Next: next, Stateless: true,
	}
	return append(diag.Diagnostics{failure.Diagnostic()}, diags...)
}

// whoHasName tells what has the name of a key that was to be opened.
func (s *server) whoHasName(ctx context.Context, model ephemeralKeyModel) string {
	found, err := s.APIKeyByName(ctx, model.ServiceAccountID.ValueString(), model.Name.ValueString())
	who := "One of this name exists already"
	switch {
	case errors.Is(err, zenmlapi.ErrNoSuchName):
		who = "Nothing of exactly this name was found; it may be spelled otherwise, or was deleted just now"
	case err == nil:
		who += fmt.Sprintf(", %s, made at %s", found.ID, timeValue(&found.Created).ValueString())
	}
	return who + ". It may be that of another run, or what a killed one has left: then delete it. Names are unique in a service account, so let that of each run be another."
}
