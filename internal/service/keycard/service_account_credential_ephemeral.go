package keycard

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/outcome"
	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/keycard/keycardapi"
)

var (
	_ ephemeral.EphemeralResourceWithConfigure = (*credentialEphemeral)(nil)
	_ ephemeral.EphemeralResourceWithClose     = (*credentialEphemeral)(nil)
)

const ephemeralCredentialNoun = "ephemeral " + credentialNoun

func newCredentialEphemeral() ephemeral.EphemeralResource { return &credentialEphemeral{} }

type credentialEphemeral struct {
	service.EphemeralResource[*console]
}

type ephemeralCredentialModel struct {
	CreateWhen       types.Bool   `tfsdk:"create_when"`
	OrganizationID   types.String `tfsdk:"organization_id"`
	ServiceAccountID types.String `tfsdk:"service_account_id"`
	Name             types.String `tfsdk:"name"`
	Description      types.String `tfsdk:"description"`
	ID               types.String `tfsdk:"id"`
	ClientID         types.String `tfsdk:"client_id"`
	CreatedAt        types.String `tfsdk:"created_at"`
	ClientSecret     types.String `tfsdk:"client_secret"`
}

// openedCredential is what private data keeps of a credential until it is revoked.
type openedCredential struct {
	Organization string    `json:"organization"`
	Account      string    `json:"account"`
	ID           string    `json:"id"`
	ClientID     string    `json:"client_id"`
	Created      time.Time `json:"created"`
}

// openedNote is where private data keeps it.
const openedNote = "opened"

func (e *credentialEphemeral) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_keycard_service_account_credential"
}

func (e *credentialEphemeral) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A credential of a Keycard service account that lives as long as an apply: it is made when something needs it, and revoked after that, also if the apply fails. " +
			"It is in no state and no plan. The provider's `deletion_policy` does not concern it.\n\n" +
			"If the run is killed, the credential stays. The data source `machineid_keycard_service_account_credentials` lists it with its age.",
		Attributes: map[string]schema.Attribute{
			"create_when": service.CreateWhen(),
			"organization_id": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				MarkdownDescription: "The organization, by id or label. Default: the provider's `organization_id`, else the one that the provider's own credential belongs to.",
				Validators:          idValidators(),
			},
			"service_account_id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Id of the service account that the credential belongs to.",
				Validators:          idValidators(),
			},
			"name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name, as the console shows it while the credential is there. It need not be unique, as far as is known.",
				Validators:          nameValidators(),
			},
			"description": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: fmt.Sprintf("Description, of at most %d characters. Leave it out for none.", maxDescription),
				Validators:          descriptionValidators(),
			},
			"id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Id of the credential.",
			},
			"client_id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Client id: what a login names.",
			},
			"created_at": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Moment of creation (RFC 3339, UTC).",
			},
			"client_secret": schema.StringAttribute{
				Computed:            true,
				Sensitive:           true,
				MarkdownDescription: "The secret.",
			},
		},
	}
}

func (e *credentialEphemeral) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var model ephemeralCredentialModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() || !model.CreateWhen.ValueBool() {
		return
	}
	console, ok := e.Client(&resp.Diagnostics)
	if !ok {
		return
	}
	organization, diags := console.chosenOrganization(ctx, model.OrganizationID)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	model.OrganizationID = organization
	made, err := console.openCredential(ctx, organization.ValueString(), model.ServiceAccountID.ValueString(),
		keycardapi.Fields{Name: model.Name.ValueString(), Description: model.Description.ValueString()})
	if err != nil {
		resp.Diagnostics.Append(console.credentialNotOpened(ctx, model, made, err)...)
		return
	}
	model.ID, model.ClientID = types.StringValue(made.ID), types.StringValue(made.ClientID)
	model.CreatedAt, model.ClientSecret = service.TimeValue(made.CreatedAt), types.StringValue(made.ClientSecret)
	resp.Diagnostics.Append(service.WriteNote(ctx, resp.Private, openedNote, model.opened(made))...)
	resp.Diagnostics.Append(resp.Result.Set(ctx, model)...)
}

func (m ephemeralCredentialModel) opened(made *keycardapi.Credential) openedCredential {
	return openedCredential{
		Organization: m.OrganizationID.ValueString(), Account: m.ServiceAccountID.ValueString(), ID: made.ID, ClientID: made.ClientID, Created: made.CreatedAt,
	}
}

func (m ephemeralCredentialModel) object() string {
	return fmt.Sprintf("credential %q of service account %s", m.Name.ValueString(), m.ServiceAccountID.ValueString())
}

func (e *credentialEphemeral) Close(ctx context.Context, req ephemeral.CloseRequest, resp *ephemeral.CloseResponse) {
	opened, diags := service.ReadNote[openedCredential](ctx, req.Private, openedNote, "of the credential to revoke")
	resp.Diagnostics.Append(diags...)
	if opened == nil || resp.Diagnostics.HasError() {
		return
	}
	console, ok := e.Client(&resp.Diagnostics)
	if !ok {
		return
	}
	resp.Diagnostics.Append(console.revokeOpened(ctx, *opened)...)
}

// revokeOpened deletes a credential that an ephemeral resource has made; one that is gone is none to tell of.
func (c *console) revokeOpened(ctx context.Context, opened openedCredential) diag.Diagnostics {
	object := fmt.Sprintf("credential %s of service account %s", opened.ID, opened.Account)
	if opened.ClientID == c.own.clientID {
		return diag.Diagnostics{service.NamedOwn("Keycard", credentialNoun, object, "machineid_keycard_service_account_credentials")}
	}
	ctx, cancel := service.Revoking(ctx)
	defer cancel()
	err := c.DeleteCredential(ctx, opened.Organization, opened.Account, opened.ID, opened.Created)
	if err == nil || keycardapi.IsGone(err) {
		return nil
	}
	return diag.Diagnostics{service.Failure{
		Operation: "revoke", Noun: ephemeralCredentialNoun, Object: object, Err: err, Stateless: true,
		Next: service.StillThere("credential", "machineid_keycard_service_account_credentials", advice(err)),
	}.Diagnostic()}
}

// credentialNotOpened explains a failed creation. A credential of which not all was told is revoked: what fails to open is
// not closed.
func (c *console) credentialNotOpened(ctx context.Context, model ephemeralCredentialModel, made *keycardapi.Credential, err error) diag.Diagnostics {
	var diags diag.Diagnostics
	next := advice(err)
	switch {
	case made != nil:
		diags = c.revokeOpened(ctx, model.opened(made))
		if !diags.HasError() {
			next = service.RevokedAgain("credential " + made.ID)
		}
	case keycardapi.IsGone(err):
		next = needsAccount(model.ServiceAccountID.ValueString())
	case errors.Is(err, keycardapi.ErrUnproven):
		next = checkOrganization
	case keycardapi.IsConflict(err) && !outcome.IsUnresolved(err):
		next = "Something is in the way, which may be what a killed run of the same name has left: the data source machineid_keycard_service_account_credentials lists what is there. " +
			"Delete it, or choose another name."
	}
	failure := service.Failure{Operation: "open", Noun: ephemeralCredentialNoun, Object: model.object(), Err: err, Next: next, Stateless: true}
	return append(diag.Diagnostics{failure.Diagnostic()}, diags...)
}
