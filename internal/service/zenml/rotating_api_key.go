package zenml

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/credential"
	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/zenml/zenmlapi"
)

var (
	_ resource.ResourceWithConfigure   = (*rotatingAPIKeyResource)(nil)
	_ resource.ResourceWithIdentity    = (*rotatingAPIKeyResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*rotatingAPIKeyResource)(nil)
	_ resource.ResourceWithImportState = (*rotatingAPIKeyResource)(nil)
)

func newRotatingAPIKeyResource() resource.Resource { return &rotatingAPIKeyResource{} }

type rotatingAPIKeyResource struct{ service.Resource[*server] }

type rotatingAPIKeyModel struct {
	ServiceAccountID types.String `tfsdk:"service_account_id"`
	Name             types.String `tfsdk:"name"`
	Description      types.String `tfsdk:"description"`
	Active           types.Bool   `tfsdk:"active"`
	DeletionPolicy   types.String `tfsdk:"deletion_policy"`
	credential.Rotating
}

// valueForm is the shape of the values that the resource holds. Both have the id of the one key, unless a second one took over.
var valueForm = credential.Form{}

func (m rotatingAPIKeyModel) id() types.String { return credential.HeldIn(m.Current).ID }

func (m rotatingAPIKeyModel) identity() apiKeyIdentity {
	return apiKeyIdentity{ServiceAccountID: m.ServiceAccountID, ID: m.id()}
}

// key is the key with its current value, as a model of its own.
func (m rotatingAPIKeyModel) key() apiKeyModel {
	current := credential.HeldIn(m.Current)
	return apiKeyModel{
		ServiceAccountID: m.ServiceAccountID, ID: current.ID, Name: m.Name, Description: m.Description, Active: m.Active,
		Created: current.Created, Key: current.Secret, DeletionPolicy: m.DeletionPolicy, Upkeep: m.Upkeep,
	}
}

func (m rotatingAPIKeyModel) object() string { return m.key().object() }

// subject is the current value as a decision about it needs it.
func (m rotatingAPIKeyModel) subject() credential.Subject {
	subject := m.key().subject()
	subject.Secret, subject.NoSecret = path.Root("current"), !credential.HeldIn(m.Current).HasSecret()
	return subject
}

// update holds what the plan changes in the system beside the value and whether it is accepted.
func (m rotatingAPIKeyModel) update(state rotatingAPIKeyModel) zenmlapi.APIKeyUpdate {
	return zenmlapi.APIKeyUpdate{Name: changedString(state.Name, m.Name), Description: changedString(state.Description, m.Description)}
}

// rotatingAPIKeyState maps what the server tells. The moment of its latest rotation counts only where the state has no value
// to which it could belong: otherwise the state keeps that of its own value, and so what [rotatingAPIKeyModel.rotatedElsewhere]
// judges by.
func rotatingAPIKeyState(key *zenmlapi.APIKey, prior rotatingAPIKeyModel, lost *lostAnswer) rotatingAPIKeyModel {
	state := prior
	state.Name, state.Description, state.Active = types.StringValue(key.Name), types.StringValue(key.Description), types.BoolValue(key.Active)
	current := credential.HeldIn(prior.Current)
	imported := !current.HasSecret() && lost == nil
	if key.TellsRotation && (imported || current.Created.IsNull()) && !issuedAt(key).Equal(current.Created) {
		current.Created = issuedAt(key)
		state.Current = valueForm.Current(current)
	}
	return state
}

func (r *rotatingAPIKeyResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_zenml_rotating_api_key"
	resp.ResourceBehavior = resource.ResourceBehavior{MutableIdentity: true}
}

// ModifyPlan decides what an update does, and refuses what would lock out the provider itself.
func (r *rotatingAPIKeyResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.State.Raw.IsNull() {
		resp.Diagnostics.Append(credential.PlanNewRotating(ctx, &resp.Plan, valueForm)...)
		return
	}
	var plan, state rotatingAPIKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	left, diags := secondLeft(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(r.guardPlan(func(s *server) diag.Diagnostics { return s.guardEnd(state, service.AtPlan, "delete", path.Empty()) })...)
		resp.Diagnostics.Append(left.warning(r.leavesFound(state.DeletionPolicy))...)
		return
	}
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	refresh, diags := credential.LatestRefresh(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	lost, diags := answerLost(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.Active = types.BoolValue(true)
	if !plan.ServiceAccountID.Equal(state.ServiceAccountID) {
		at := path.Root("service_account_id")
		resp.RequiresReplace.Append(at)
		resp.Diagnostics.Append(r.guardPlan(func(s *server) diag.Diagnostics { return s.guardEnd(state, service.AtPlan, "replace", at) })...)
		resp.Diagnostics.Append(left.warning(r.leavesFound(state.DeletionPolicy))...)
		plan.Current, plan.Previous, plan.RotationDueAt = valueForm.Unknown(plan.Upkeep), valueForm.None(), types.StringUnknown()
		resp.Diagnostics.Append(plan.CheckRecipients()...)
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
		return
	}
	step := decideValue(state, plan, refresh, lost)
	resp.Diagnostics.Append(step.Diagnostics...)
	step.apply(&plan, state)
	resp.Diagnostics.Append(left.warning(r.isWary())...) // the name, which the key is to get back, has the update happen
	if step.Rotate {
		resp.Diagnostics.Append(plan.CheckRecipients()...)
	}
	plan.Active = plan.plannedActive(state, step)
	resp.Diagnostics.Append(r.guardPlan(func(s *server) diag.Diagnostics { return s.guardStep(state, step, service.AtPlan) })...)
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
}

func (r *rotatingAPIKeyResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan rotatingAPIKeyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	server, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	plan.Active = types.BoolValue(true)
	key, adopted, diags := server.makeKey(ctx, plan.key())
	resp.Diagnostics.Append(diags...)
	if key == nil {
		return
	}
	made, diags := plan.SealHeld(ctx, credential.Held{ID: types.StringValue(key.ID), Secret: service.TextOrNull(key.Key), Created: issuedAt(key)})
	resp.Diagnostics.Append(diags...)
	if adopted && key.LastRotated == nil {
		made.Created = types.StringNull() // the answer to the rotation did not tell
	}
	state := plan
	state.Active, state.Current, state.Previous = types.BoolValue(key.Active), valueForm.Current(made), valueForm.None()
	state.RotationDueAt = state.DueAt(state.subject())
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !key.Active {
		if err := server.activate(ctx, state); err != nil {
			resp.Diagnostics.Append(server.failure("activate the adopted", apiKeyNoun, state.object(), err))
			return
		}
		resp.Diagnostics.Append(resp.State.Set(ctx, plan.with(state.Rotating))...)
	}
	if err := state.Prove(ctx, server.verifying(key.Key)); err != nil {
		resp.Diagnostics.Append(server.failureThen("prove the new", apiKeyNoun, state.object(), err,
			"It is in the state, and the next apply replaces it. With verify = false it would be taken unproven."))
	}
}

func (r *rotatingAPIKeyResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state rotatingAPIKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	// Before the call: an object that vanished must still have its identity in the answer.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	lost, diags := answerLost(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	server, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	account, id := state.ServiceAccountID.ValueString(), state.id().ValueString()
	key, ok := server.ListedAPIKey(ctx, account, id)
	if _, is := state.beside(); ok && !is && service.Unchanged(rotatingAPIKeyState(key, state, lost), state) && !state.rotatedElsewhere(key, lost) {
		server.Saved()
		resp.Diagnostics.Append(server.noteValue(ctx, state, key, lost, resp.Private)...)
		return
	}
	key, err := server.APIKey(ctx, account, id)
	if err != nil && !zenmlapi.IsNotFound(err) {
		resp.Diagnostics.Append(server.failure("read", apiKeyNoun, state.object(), err))
		return
	}
	state, key, diags = server.readBeside(ctx, state, key)
	resp.Diagnostics.Append(diags...)
	if diags.HasError() {
		return
	}
	if key == nil {
		resp.Diagnostics.Append(service.Vanished(apiKeyNoun, state.object(), err))
		left, diags := secondLeft(ctx, req.Private)
		resp.Diagnostics.Append(append(diags, left.forgotten()...)...)
		resp.State.RemoveResource(ctx)
		return
	}
	state = rotatingAPIKeyState(key, state, lost)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	resp.Diagnostics.Append(server.noteValue(ctx, state, key, lost, resp.Private)...)
}

// Update does what the plan shows. What is done is in the response before the next request is sent.
func (r *rotatingAPIKeyResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state rotatingAPIKeyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	noted, diags := credential.LatestRefresh(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	server, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	lost, diags := answerLost(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	left, diags := secondLeft(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	step := stepOf(state, plan)
	resp.Diagnostics.Append(server.guardStep(state, step, service.AtApply)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if step.Discard && noted.Found == credential.Refused {
		if err := credential.StillRefused(ctx, server.verifying(credential.HeldIn(state.Current).Secret.ValueString())); err != nil {
			resp.Diagnostics.Append(server.failureThen("replace the refused", apiKeyNoun, state.object(), err, "Nothing was changed. Plan again."))
			return
		}
	}
	resp.Diagnostics.Append(server.removeSecond(ctx, state, left, resp.Private)...)
	if resp.Diagnostics.HasError() {
		return
	}
	live := state
	// A key that steps aside gets another name than the planned one, and no more.
	stepsAside := step.Rotate && step.Beside && lost != nil
	if update := plan.update(state); !stepsAside && update != (zenmlapi.APIKeyUpdate{}) {
		err := server.UpdateAPIKey(ctx, state.ServiceAccountID.ValueString(), state.id().ValueString(), update)
		if zenmlapi.IsConflict(err) {
			resp.Diagnostics.Append(server.nameTaken(ctx, "update", state, plan, err)...)
			return
		}
		if err != nil {
			resp.Diagnostics.Append(server.failure("update", apiKeyNoun, state.object(), err))
			return
		}
		live.Name, live.Description = plan.Name, plan.Description
		resp.Diagnostics.Append(resp.State.Set(ctx, live)...)
	}
	if _, is := state.beside(); is && step.Retire {
		resp.Diagnostics.Append(server.removeBeside(ctx, state)...)
		if resp.Diagnostics.HasError() {
			return
		}
		live.Previous = valueForm.None()
	}
	next, value := plan, ""
	next.RotationDueAt = plan.DueAt(state.subject())
	if step.Rotate {
		if stepsAside {
			next, value, diags = server.turnBeside(ctx, live, plan, lost, resp.Private)
		} else {
			next, value, diags = server.turn(ctx, live, plan, step, resp.Private)
		}
		resp.Diagnostics.Append(diags...)
		if diags.HasError() {
			resp.Diagnostics.Append(resp.State.Set(ctx, next)...)
			return
		}
	}
	next.Active = state.Active
	resp.Diagnostics.Append(resp.State.Set(ctx, next)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, next.identity())...)
	if plan.Active.ValueBool() && !state.Active.ValueBool() {
		// Only now, because it lets in whoever has a value that is accepted.
		if err := server.activate(ctx, state); err != nil {
			resp.Diagnostics.Append(server.failure("activate", apiKeyNoun, state.object(), err))
			return
		}
		next.Active = plan.Active
		resp.Diagnostics.Append(resp.State.Set(ctx, next)...)
	}
	// What was found is mended by now, or concerned the value before.
	if step.Rotate || !next.Active.Equal(state.Active) {
		resp.Diagnostics.Append(credential.Refresh{At: noted.At}.Note(ctx, resp.Private)...)
	}
	if !step.Rotate || !next.Active.ValueBool() {
		return
	}
	if err := plan.Prove(ctx, server.verifying(value)); err != nil {
		resp.Diagnostics.Append(server.failureThen("prove the next", apiKeyNoun, state.object(), err, server.unproven(ctx, next)))
	}
}

func (r *rotatingAPIKeyResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state rotatingAPIKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	server, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	left, diags := secondLeft(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(server.guardEnd(state, service.AtApply, "delete", path.Empty())...)
	if resp.Diagnostics.HasError() {
		return
	}
	abandons := server.guard().Abandons(state.DeletionPolicy)
	if left != nil && (!abandons || !left.Found) {
		resp.Diagnostics.Append(server.removeSecond(ctx, state, left, resp.Private)...)
	}
	if resp.Diagnostics.HasError() || abandons {
		return
	}
	known := &issue{LastRotated: credential.HeldIn(state.Current).Created.ValueString()}
	resp.Diagnostics.Append(server.guardAdopted(ctx, state.key(), known)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(server.removeBeside(ctx, state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if err := server.remove(ctx, state.ServiceAccountID.ValueString(), state.id().ValueString()); err != nil {
		resp.Diagnostics.Append(server.failure("delete", apiKeyNoun, state.object(), err))
	}
}

func (r *rotatingAPIKeyResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	identity, diags := importedKey(ctx, req)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("service_account_id"), identity.ServiceAccountID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("current"), valueForm.Current(credential.Held{ID: identity.ID}))...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity)...)
}
