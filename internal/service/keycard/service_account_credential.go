package keycard

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/credential"
	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/keycard/keycardapi"
)

var (
	_ resource.ResourceWithConfigure   = (*credentialResource)(nil)
	_ resource.ResourceWithIdentity    = (*credentialResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*credentialResource)(nil)
	_ resource.ResourceWithImportState = (*credentialResource)(nil)
)

const credentialNoun = "Keycard service account credential"

func newCredentialResource() resource.Resource { return &credentialResource{} }

type credentialResource struct{ service.Resource[*console] }

type credentialModel struct {
	OrganizationID   types.String `tfsdk:"organization_id"`
	ServiceAccountID types.String `tfsdk:"service_account_id"`
	ID               types.String `tfsdk:"id"`
	Name             types.String `tfsdk:"name"`
	Description      types.String `tfsdk:"description"`
	ClientID         types.String `tfsdk:"client_id"`
	CreatedAt        types.String `tfsdk:"created_at"`
	ClientSecret     types.String `tfsdk:"client_secret"`
	DeletionPolicy   types.String `tfsdk:"deletion_policy"`
	KeepIfUsedWithin types.String `tfsdk:"keep_if_used_within"`
	credential.Upkeep
	credential.Sealed
}

type credentialIdentity struct {
	OrganizationID   types.String `tfsdk:"organization_id"`
	ServiceAccountID types.String `tfsdk:"service_account_id"`
	ID               types.String `tfsdk:"id"`
}

func (m credentialModel) identity() credentialIdentity {
	return credentialIdentity{OrganizationID: m.OrganizationID, ServiceAccountID: m.ServiceAccountID, ID: m.ID}
}

func (m credentialModel) object() string {
	return fmt.Sprintf("credential %s of service account %s", label(m.Name, m.ID), m.ServiceAccountID.ValueString())
}

// subject is the credential as a decision about it needs it.
func (m credentialModel) subject() credential.Subject {
	return credential.Subject{
		Noun: credentialNoun, Object: m.object(), ID: m.ID.ValueString(), Issued: service.Time(m.CreatedAt), Secret: path.Root("client_secret"),
		NoSecret: !m.Holds(m.ClientSecret),
	}
}

func (m credentialModel) fields() keycardapi.Fields {
	return keycardapi.Fields{Name: m.Name.ValueString(), Description: m.Description.ValueString()}
}

func (m credentialModel) change(plan credentialModel) keycardapi.Change {
	return keycardapi.Change{Name: changed(m.Name, plan.Name), Description: changed(m.Description, plan.Description)}
}

// credentialState maps what the server tells. Its parents, its secret and the rotation values are known to the state
// alone, so they come from the prior model.
func credentialState(found *keycardapi.Credential, prior credentialModel) credentialModel {
	state := prior
	state.ID = types.StringValue(found.ID)
	state.Name = told(found.Name, prior.Name)
	state.Description = told(found.Description, prior.Description)
	state.ClientID = service.TextOrNull(found.ClientID)
	state.CreatedAt = service.TimeValue(found.CreatedAt)
	return state
}

func (r *credentialResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_keycard_service_account_credential"
}

func (r *credentialResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	keep := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	resp.Schema = schema.Schema{
		MarkdownDescription: "A credential of a Keycard service account. The server shows its secret once, at creation; this resource keeps it in state. " +
			"Name and description are changed in place, and the secret stays. Credentials do not expire: they are rotated by replacement, best with `create_before_destroy`.",
		Attributes: credential.WithUpkeep(map[string]schema.Attribute{
			"organization_id": organizationAttribute(),
			"service_account_id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Id of the service account that the credential belongs to. A change replaces the credential.",
				Validators:          idValidators(),
			},
			"id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Id of the credential.",
				PlanModifiers:       keep,
			},
			"name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name, as the console shows it. It need not be unique, as far as is known.",
				Validators:          nameValidators(),
			},
			"description": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: fmt.Sprintf("Description, of at most %d characters. Leave it out for none.", maxDescription),
				Validators:          descriptionValidators(),
			},
			"client_id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Client id: what a login names.",
				PlanModifiers:       keep,
			},
			"created_at": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Moment of creation (RFC 3339, UTC).",
				PlanModifiers:       keep,
			},
			"client_secret": schema.StringAttribute{
				Computed:            true,
				Sensitive:           true,
				MarkdownDescription: "The secret. Null for an imported credential, because the server does not show it again.",
				PlanModifiers:       keep,
			},
			"deletion_policy":     service.DeletionPolicy(),
			"keep_if_used_within": credential.KeepIfUsedWithin(),
		}),
	}
}

func (r *credentialResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"organization_id":    identityschema.StringAttribute{RequiredForImport: true, Description: "Organization, by id or label."},
		"service_account_id": identityschema.StringAttribute{RequiredForImport: true, Description: "Id of the service account."},
		"id":                 identityschema.StringAttribute{RequiredForImport: true, Description: "Id of the credential."},
	}}
}

// ModifyPlan plans the organization, and decides every replacement of a credential, because a replacement must also set
// the secret unknown. It refuses what would lock out the provider itself.
func (r *credentialResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	refresh, diags := credential.LatestRefresh(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if credential.Settled(ctx, req, refresh) {
		return
	}
	var config, plan, state credentialModel
	if req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
		resp.Diagnostics.Append(r.guardPlan(state, "delete", path.Empty())...)
		return
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if req.State.Raw.IsNull() {
		planNewOrganization(ctx, r.Client, config.OrganizationID, resp)
		resp.Diagnostics.Append(credential.PlanNew(ctx, &resp.Plan, path.Root("client_secret"))...)
		return
	}
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	organization, replace, diags := planOrganization(ctx, r.Client, config.OrganizationID, state.OrganizationID)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.OrganizationID = organization
	if replace {
		resp.RequiresReplace.Append(path.Root("organization_id"))
	}
	if !plan.ServiceAccountID.Equal(state.ServiceAccountID) {
		resp.RequiresReplace.Append(path.Root("service_account_id"))
	}
	decision := credential.Decide(state.Upkeep, plan.Upkeep, refresh, state.subject(), len(resp.RequiresReplace) > 0)
	resp.Diagnostics.Append(decision.Diagnostics...)
	resp.RequiresReplace.Append(decision.Replace...)
	plan.RotationDueAt = decision.DueAt
	if len(resp.RequiresReplace) > 0 {
		operation, attribute := service.Replacement(resp.RequiresReplace)
		resp.Diagnostics.Append(r.guardPlan(state, operation, attribute)...)
		if plan.ServiceAccountID.Equal(state.ServiceAccountID) && config.OrganizationID.IsNull() {
			resp.Diagnostics.Append(r.refuseStray(ctx, state.OrganizationID)...)
		}
		plan.ID, plan.ClientID = types.StringUnknown(), types.StringUnknown()
		plan.CreatedAt, plan.RotationDueAt = types.StringUnknown(), types.StringUnknown()
		plan.ClientSecret, plan.Sealed = plan.PlanSecret()
		resp.Diagnostics.Append(plan.CheckRecipients()...)
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
}

// refuseStray refuses to replace a credential where only the provider's default leads the new one to another organization:
// the old credential would be gone, and the new one refused, because their account stays where it is.
func (r *credentialResource) refuseStray(ctx context.Context, state types.String) diag.Diagnostics {
	var diags diag.Diagnostics
	console, ok := r.Client(&diags)
	if !ok {
		return diags
	}
	same, diags := console.isSameOrganization(ctx, console.organization, state)
	if !same && !diags.HasError() {
		diags.AddAttributeError(path.Root("organization_id"), "Cannot replace "+credentialNoun,
			fmt.Sprintf("The credential was made in the organization %s, but the provider now leads new ones to another, where its service account is not "+
				"(keycard.organization_id or KEYCARD_ORGANIZATION_ID, else the organization of the provider's own credential). "+
				"Set organization_id of this credential to the organization of its service account.", state.ValueString()))
	}
	return diags
}

func (r *credentialResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan credentialModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	console, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	organization, diags := console.chosenOrganization(ctx, plan.OrganizationID)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.OrganizationID = organization
	made, err := console.createCredential(ctx, plan)
	if err != nil {
		resp.Diagnostics.Append(console.credentialNotCreated(ctx, plan, err, replacedBeside))
		if made == nil {
			return
		}
	}
	state := credentialState(made, plan)
	var sealing diag.Diagnostics
	state.ClientSecret, state.Sealed, sealing = plan.Seal(ctx, made.ClientSecret)
	resp.Diagnostics.Append(sealing...)
	state.RotationDueAt = state.DueAt(state.subject())
	// What was asked for and not what was answered: a server that changes it is found by the next plan.
	state.Name, state.Description = plan.Name, plan.Description
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	resp.Diagnostics.Append(console.noteOrganization(ctx, resp.Private, state.OrganizationID)...)
}

func (r *credentialResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state credentialModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	// Before the call: an object that vanished must still have its identity in the answer.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	noted, diags := readNote(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	console, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	if listed, ok := console.listedCredential(ctx, state, noted); ok && service.Unchanged(credentialState(listed, state), state) {
		console.Saved()
		resp.Diagnostics.Append(console.noteRefresh(ctx, state, resp.Private)...)
		return
	}
	found, err := console.Credential(ctx, state.OrganizationID.ValueString(), state.ServiceAccountID.ValueString(), state.ID.ValueString(),
		service.Time(state.CreatedAt), false)
	err = console.goneFrom(ctx, state.OrganizationID, noted, err)
	switch {
	case keycardapi.IsAccountGone(err):
		resp.Diagnostics.Append(service.Vanished(credentialNoun, state.object()+", with that account,", err))
		resp.State.RemoveResource(ctx)
	case keycardapi.IsGone(err):
		resp.Diagnostics.Append(service.Vanished(credentialNoun, state.object(), err))
		resp.State.RemoveResource(ctx)
	case err != nil:
		resp.Diagnostics.Append(console.failure("read", credentialNoun, state.object(), err))
	default:
		current := credentialState(found, state)
		resp.Diagnostics.Append(resp.State.Set(ctx, current)...)
		resp.Diagnostics.Append(console.noteRefresh(ctx, current, resp.Private)...)
		if noted == "" {
			resp.Diagnostics.Append(console.noteOrganization(ctx, resp.Private, state.OrganizationID)...)
		}
	}
}

// noteRefresh notes for plans when the credential was read, and, if that is asked for, whether its secret is still accepted.
func (c *console) noteRefresh(ctx context.Context, state credentialModel, private service.PrivateWriter) diag.Diagnostics {
	found, diags := state.Inspect(ctx, credential.Inspection{
		Noun: credentialNoun, Object: state.object(), Secret: state.ClientSecret, Issued: service.Time(state.CreatedAt), Now: c.ServerNow(),
		Verify: func(ctx context.Context) (bool, error) {
			return c.Verify(ctx, state.ClientID.ValueString(), state.ClientSecret.ValueString())
		},
	})
	return append(diags, credential.Refresh{At: c.now(), Found: found}.Note(ctx, private)...)
}

// Update sends what changes of name and description; the rest concerns the state alone.
func (r *credentialResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state credentialModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
	console, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	if change := state.change(plan); change != (keycardapi.Change{}) {
		err := console.UpdateCredential(ctx, state.OrganizationID.ValueString(), state.ServiceAccountID.ValueString(), state.ID.ValueString(),
			service.Time(state.CreatedAt), change)
		if err != nil {
			resp.Diagnostics.Append(console.failure("update", credentialNoun, state.object(), err))
			return
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

func (r *credentialResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state credentialModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	noted, diags := readNote(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	console, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(console.guardCredential(state, service.AtApply, "delete", path.Empty())...)
	if resp.Diagnostics.HasError() {
		return
	}
	if console.guard().Abandons(state.DeletionPolicy) {
		return
	}
	resp.Diagnostics.Append(console.guardUse(ctx, state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	err := console.DeleteCredential(ctx, state.OrganizationID.ValueString(), state.ServiceAccountID.ValueString(), state.ID.ValueString(),
		service.Time(state.CreatedAt))
	err = console.goneFrom(ctx, state.OrganizationID, noted, err)
	if err != nil && !keycardapi.IsGone(err) {
		resp.Diagnostics.Append(console.failure("delete", credentialNoun, state.object(), err))
	}
}

func (r *credentialResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	identity, diags := importedCredential(ctx, req)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("organization_id"), identity.OrganizationID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("service_account_id"), identity.ServiceAccountID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), identity.ID)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity)...)
}
