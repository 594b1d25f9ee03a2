package keycard

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/credential"
	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/keycard/keycardapi"
)

var (
	_ resource.ResourceWithConfigure   = (*rotatingCredentialResource)(nil)
	_ resource.ResourceWithIdentity    = (*rotatingCredentialResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*rotatingCredentialResource)(nil)
	_ resource.ResourceWithImportState = (*rotatingCredentialResource)(nil)
)

func newRotatingCredentialResource() resource.Resource { return &rotatingCredentialResource{} }

type rotatingCredentialResource struct{ service.Resource[*console] }

type rotatingCredentialModel struct {
	OrganizationID   types.String `tfsdk:"organization_id"`
	ServiceAccountID types.String `tfsdk:"service_account_id"`
	Name             types.String `tfsdk:"name"`
	Description      types.String `tfsdk:"description"`
	DeletionPolicy   types.String `tfsdk:"deletion_policy"`
	credential.Rotating
}

// credentialForm is the shape of the credentials that the resource holds: a login names the client id.
var credentialForm = credential.Form{HasClientID: true}

// identity is that of the current credential, and changes with it.
func (m rotatingCredentialModel) identity() credentialIdentity {
	return m.holding(credential.HeldIn(m.Current)).identity()
}

// holding is one of the credentials as a model of its own. The name is that of the current one, and of one that is yet to be
// made; what others are called by now is not known.
func (m rotatingCredentialModel) holding(held credential.Held) credentialModel {
	one := credentialModel{
		OrganizationID: m.OrganizationID, ServiceAccountID: m.ServiceAccountID, ID: held.ID,
		ClientID: held.ClientID, CreatedAt: held.Created, ClientSecret: held.Secret, DeletionPolicy: m.DeletionPolicy, Upkeep: m.Upkeep,
	}
	if !held.Exists() || held.ID.Equal(credential.HeldIn(m.Current).ID) {
		one.Name, one.Description = m.Name, m.Description
	}
	return one
}

// subject is the current credential as a decision about it needs it.
func (m rotatingCredentialModel) subject(current credential.Held) credential.Subject {
	subject := m.holding(current).subject()
	subject.Secret = path.Root("current")
	return subject
}

// heldCredential maps what the server tells; the secret is known to the state alone.
func heldCredential(found *keycardapi.Credential, prior credential.Held) credential.Held {
	prior.ID, prior.ClientID = types.StringValue(found.ID), service.TextOrNull(found.ClientID)
	prior.Created = service.TimeValue(found.CreatedAt)
	return prior
}

func (r *rotatingCredentialResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_keycard_service_account_rotating_credential"
	resp.ResourceBehavior = resource.ResourceBehavior{MutableIdentity: true}
}

func (r *rotatingCredentialResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A credential of a Keycard service account that is rotated with an overlap: the next credential is made and proven while the one before it stays valid, so that " +
			"consumers can move from one to the other.",
		Attributes: credential.WithRotating(map[string]schema.Attribute{
			"organization_id": organizationAttribute(),
			"service_account_id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Id of the service account that the credentials belong to. A change replaces the resource, with both credentials.",
				Validators:          idValidators(),
			},
			"name": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "Name of each new credential, as the console shows it. A change renames the current one in place, and leaves the previous one. " +
					"It need not be unique, as far as is known.",
				Validators: nameValidators(),
			},
			"description": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: fmt.Sprintf("Description of each new credential, of at most %d characters. Changed as `name` is. Leave it out for none.", maxDescription),
				Validators:          descriptionValidators(),
			},
			"deletion_policy": service.DeletionPolicy(),
		}, credentialForm),
	}
}

func (r *rotatingCredentialResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"organization_id":    identityschema.StringAttribute{RequiredForImport: true, Description: "Organization, by id or label."},
		"service_account_id": identityschema.StringAttribute{RequiredForImport: true, Description: "Id of the service account."},
		"id":                 identityschema.StringAttribute{RequiredForImport: true, Description: "Id of the current credential."},
	}}
}

// ModifyPlan plans the organization, decides what an update does, and refuses what would lock out the provider itself.
func (r *rotatingCredentialResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var config, plan, state rotatingCredentialModel
	if req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
		resp.Diagnostics.Append(r.guardPlan(state, "delete", path.Empty())...)
		resp.Diagnostics.Append(credential.PlanEnd(ctx, req.Private, credentialNoun, r.leavesFound(state.DeletionPolicy))...)
		return
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if req.State.Raw.IsNull() {
		planNewOrganization(ctx, r.Client, config.OrganizationID, resp)
		resp.Diagnostics.Append(credential.PlanNewRotating(ctx, &resp.Plan, credentialForm)...)
		return
	}
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	organization, moves, diags := planOrganization(ctx, r.Client, config.OrganizationID, state.OrganizationID)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.OrganizationID = organization
	if moves {
		resp.RequiresReplace.Append(path.Root("organization_id"))
	}
	if !plan.ServiceAccountID.Equal(state.ServiceAccountID) {
		resp.RequiresReplace.Append(path.Root("service_account_id"))
	}
	if len(resp.RequiresReplace) > 0 {
		resp.Diagnostics.Append(r.guardPlan(state, "replace", resp.RequiresReplace[0])...)
		resp.Diagnostics.Append(credential.PlanEnd(ctx, req.Private, credentialNoun, r.leavesFound(state.DeletionPolicy))...)
		plan.Current, plan.Previous, plan.RotationDueAt = credentialForm.Unknown(plan.Upkeep), credentialForm.None(), types.StringUnknown()
		resp.Diagnostics.Append(plan.CheckRecipients()...)
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
		return
	}
	step, diags := credential.PlanStep(ctx, req.Private, state.Rotating, &plan.Rotating, credentialForm, state.subject(credential.HeldIn(state.Current)), r.isWary())
	resp.Diagnostics.Append(diags...)
	if step.Retire {
		resp.Diagnostics.Append(r.guardRetirement(state, service.AtPlan)...)
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
}

func (r *rotatingCredentialResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan rotatingCredentialModel
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
	rotation := console.rotation(ctx, plan, "")
	rotation.Private = resp.Private
	rotation.Put = func(now credential.Rotating) diag.Diagnostics {
		plan.Rotating = now
		diags := append(resp.State.Set(ctx, plan), resp.Identity.Set(ctx, plan.identity())...)
		return append(diags, console.noteOrganization(ctx, resp.Private, plan.OrganizationID)...)
	}
	resp.Diagnostics.Append(rotation.Begin(ctx, plan.Rotating, plan.subject)...)
}

func (r *rotatingCredentialResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state rotatingCredentialModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	// Before the call: an object that vanished must still have its identity in the answer.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	noted, diags := readNote(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	console, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	observed, now, diags := console.observe(ctx, state, noted)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(vanished(observed, state)...)
	if observed.Nothing() {
		resp.Diagnostics.Append(credential.Forgotten(ctx, req.Private, credentialNoun)...)
		resp.State.RemoveResource(ctx)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, now)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, now.identity())...)
	resp.Diagnostics.Append(console.noteRefresh(ctx, now.holding(credential.HeldIn(now.Current)), resp.Private)...)
	if noted == "" {
		resp.Diagnostics.Append(console.noteOrganization(ctx, resp.Private, now.OrganizationID)...)
	}
}

func (r *rotatingCredentialResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state rotatingCredentialModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	leftovers, diags := credential.Leftovers(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	refresh, diags := credential.LatestRefresh(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	noted, diags := readNote(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	console, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	step := credential.StepOf(state.Rotating, plan.Rotating)
	if step.Retire {
		resp.Diagnostics.Append(r.guardRetirement(state, service.AtApply)...)
	}
	if !step.Rotate && !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(console.renameCurrent(ctx, state, plan)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	rotation := console.rotation(ctx, plan, noted)
	rotation.Private = resp.Private
	rotation.Put = func(now credential.Rotating) diag.Diagnostics {
		live := plan
		live.Rotating = now
		if step.Rotate && now.Current.Equal(state.Current) {
			// The next one has the new name. This one stays as it is.
			live.Name, live.Description = state.Name, state.Description
		}
		return append(resp.State.Set(ctx, live), resp.Identity.Set(ctx, live.identity())...)
	}
	resp.Diagnostics.Append(rotation.Update(ctx, state.Rotating, plan.Rotating, leftovers, refresh, state.subject)...)
}

func (r *rotatingCredentialResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state rotatingCredentialModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	leftovers, diags := credential.Leftovers(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	noted, diags := readNote(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	console, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(console.guardCredentials(state, service.AtApply, "delete", path.Empty())...)
	if resp.Diagnostics.HasError() {
		return
	}
	if console.guard().Abandons(state.DeletionPolicy) {
		resp.Diagnostics.Append(console.rotation(ctx, state, noted).Abandon(ctx, state.Rotating, leftovers)...)
		return
	}
	rotation := console.rotation(ctx, state, noted)
	rotation.Put = func(now credential.Rotating) diag.Diagnostics {
		live := state
		live.Rotating = now
		return resp.State.Set(ctx, live)
	}
	resp.Diagnostics.Append(rotation.End(ctx, state.Rotating, leftovers)...)
}

func (r *rotatingCredentialResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	identity, diags := importedCredential(ctx, req)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("organization_id"), identity.OrganizationID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("service_account_id"), identity.ServiceAccountID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("current"), credentialForm.Current(credential.Held{ID: identity.ID}))...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity)...)
}
