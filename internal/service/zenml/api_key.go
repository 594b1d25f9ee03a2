package zenml

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/credential"
	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/zenml/zenmlapi"
)

var (
	_ resource.ResourceWithConfigure   = (*apiKeyResource)(nil)
	_ resource.ResourceWithIdentity    = (*apiKeyResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*apiKeyResource)(nil)
	_ resource.ResourceWithImportState = (*apiKeyResource)(nil)
)

const apiKeyNoun = "ZenML API key"

func newAPIKeyResource() resource.Resource { return &apiKeyResource{} }

type apiKeyResource struct{ service.Resource[*server] }

type apiKeyModel struct {
	ServiceAccountID types.String `tfsdk:"service_account_id"`
	ID               types.String `tfsdk:"id"`
	Name             types.String `tfsdk:"name"`
	Description      types.String `tfsdk:"description"`
	Active           types.Bool   `tfsdk:"active"`
	Created          types.String `tfsdk:"created"`
	LastRotated      types.String `tfsdk:"last_rotated"`
	Key              types.String `tfsdk:"key"`
	DeletionPolicy   types.String `tfsdk:"deletion_policy"`
	KeepIfUsedWithin types.String `tfsdk:"keep_if_used_within"`
	credential.Upkeep
	credential.Sealed
}

func (m apiKeyModel) identity() apiKeyIdentity {
	return apiKeyIdentity{ServiceAccountID: m.ServiceAccountID, ID: m.ID}
}

func (m apiKeyModel) object() string {
	return fmt.Sprintf("API key %s of service account %s", label(m.Name, m.ID), m.ServiceAccountID.ValueString())
}

func (m apiKeyModel) create() zenmlapi.APIKeyCreate {
	return zenmlapi.APIKeyCreate{Name: m.Name.ValueString(), Description: m.Description.ValueString()}
}

// subject is the key as a decision about it needs it. What counts is when its value was made.
func (m apiKeyModel) subject() credential.Subject {
	issued := m.LastRotated
	if issued.IsNull() {
		issued = m.Created
	}
	return credential.Subject{
		Noun: apiKeyNoun, Object: m.object(), Owner: "service account " + m.ServiceAccountID.ValueString(), ID: m.ID.ValueString(),
		Issued: service.Time(issued), Secret: path.Root("key"), NoSecret: !m.Holds(m.Key),
	}
}

// update holds what the plan changes in the system.
func (m apiKeyModel) update(state apiKeyModel) zenmlapi.APIKeyUpdate {
	return zenmlapi.APIKeyUpdate{
		Name:        changedString(state.Name, m.Name),
		Description: changedString(state.Description, m.Description),
		Active:      changedBool(state.Active, m.Active),
	}
}

// apiKeyState maps what the server tells. The rest is known to the state alone, so it comes from the prior model.
func apiKeyState(key *zenmlapi.APIKey, prior apiKeyModel) apiKeyModel {
	state := prior
	state.ID = types.StringValue(key.ID)
	state.Name = types.StringValue(key.Name)
	state.Description = types.StringValue(key.Description)
	state.Active = types.BoolValue(key.Active)
	state.Created = timeValue(&key.Created)
	state.LastRotated = lastRotated(key, prior)
	return state
}

// lastRotated is what was known before if the server does not tell: taking that for "never" would look like a change.
func lastRotated(key *zenmlapi.APIKey, prior apiKeyModel) types.String {
	if key.TellsRotation || prior.LastRotated.IsUnknown() {
		return timeValue(key.LastRotated)
	}
	return prior.LastRotated
}

func (r *apiKeyResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_zenml_api_key"
}

// ModifyPlan decides every replacement of a key, because a replacement must also set the secret unknown, and refuses
// what would lock out the provider itself.
func (r *apiKeyResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	refresh, diags := credential.LatestRefresh(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if req.State.Raw.IsNull() {
		resp.Diagnostics.Append(credential.PlanNew(ctx, &resp.Plan, path.Root("key"))...)
		return
	}
	if credential.Settled(ctx, req, refresh) {
		return
	}
	var plan, state apiKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(r.guardPlan(state, "delete", path.Empty())...)
		return
	}
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !plan.ServiceAccountID.Equal(state.ServiceAccountID) {
		resp.RequiresReplace.Append(path.Root("service_account_id"))
	}
	if refresh.Found == credential.Deactivated && !plan.Active.ValueBool() {
		refresh.Found = "" // as it is meant to be, by now
	}
	decision := credential.Decide(state.Upkeep, plan.Upkeep, refresh, state.subject(), len(resp.RequiresReplace) > 0)
	resp.Diagnostics.Append(decision.Diagnostics...)
	resp.RequiresReplace.Append(decision.Replace...)
	resp.Diagnostics.Append(warnOfUse(state, plan, decision.Replace)...)
	plan.RotationDueAt = decision.DueAt
	if decision.Keep && refresh.Found == credential.Deactivated {
		plan.Active = state.Active
	}
	switch {
	case len(resp.RequiresReplace) > 0:
		operation, attribute := service.Replacement(resp.RequiresReplace)
		resp.Diagnostics.Append(r.guardPlan(state, operation, attribute)...)
		resp.Diagnostics.Append(r.guardName(state, plan, attribute)...)
		plan.ID, plan.Created, plan.LastRotated = types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
		plan.RotationDueAt = types.StringUnknown()
		plan.Key, plan.Sealed = plan.PlanSecret()
		resp.Diagnostics.Append(plan.CheckRecipients()...)
	case deactivates(state.Active, plan.Active):
		resp.Diagnostics.Append(r.guardPlan(state, "deactivate", path.Root("active"))...)
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
}

func (r *apiKeyResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan apiKeyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	server, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	key, adopted, diags := server.makeKey(ctx, plan)
	resp.Diagnostics.Append(diags...)
	if key == nil {
		return
	}
	state := apiKeyState(key, plan)
	state.Key, state.Sealed, diags = plan.Seal(ctx, key.Key)
	resp.Diagnostics.Append(diags...)
	state.RotationDueAt = state.DueAt(state.subject())
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	resp.Diagnostics.Append(writeIssue(ctx, resp.Private, state)...)
	update := plan.update(state)
	if update == (zenmlapi.APIKeyUpdate{}) || resp.Diagnostics.HasError() {
		return
	}
	// A key is born active, and an adopted one may be inactive. That is changed only now that id and secret are in state, so
	// that a failure here loses nothing.
	if err := server.UpdateAPIKey(ctx, plan.ServiceAccountID.ValueString(), key.ID, update); err != nil {
		operation, object := "deactivate the new", plan.object()+" was created and is in state, but is still active. The next apply replaces it; with "+
			"create_before_destroy, run terraform untaint first, and the next apply deactivates it"
		if adopted {
			operation, object = "activate the adopted", plan.object()+" was adopted and is in state with a new secret, but is still inactive. "+
				"Run terraform untaint, and the next apply activates it"
		}
		resp.Diagnostics.Append(server.failure(operation, apiKeyNoun, object, err))
		return
	}
	state.Active, state.Description = plan.Active, plan.Description
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

func (r *apiKeyResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state apiKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	// Before the call: an object that vanished must still have its identity in the answer.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	server, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	listed, ok := server.ListedAPIKey(ctx, state.ServiceAccountID.ValueString(), state.ID.ValueString())
	if ok && service.Unchanged(apiKeyState(listed, state), state) {
		server.Saved()
		resp.Diagnostics.Append(server.noteRefresh(ctx, req.Private, state, state, resp.Private)...)
		return
	}
	key, err := server.APIKey(ctx, state.ServiceAccountID.ValueString(), state.ID.ValueString())
	if zenmlapi.IsNotFound(err) {
		resp.Diagnostics.Append(service.Vanished(apiKeyNoun, state.object(), err))
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(server.failure("read", apiKeyNoun, state.object(), err))
		return
	}
	current := apiKeyState(key, state)
	resp.Diagnostics.Append(resp.State.Set(ctx, current)...)
	resp.Diagnostics.Append(server.noteRefresh(ctx, req.Private, state, current, resp.Private)...)
	known, diags := readIssue(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if known == nil && !diags.HasError() && !current.Holds(current.Key) && key.TellsRotation {
		// It was imported just now.
		resp.Diagnostics.Append(writeIssue(ctx, resp.Private, current)...)
	}
}

func (r *apiKeyResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state apiKeyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	noted, diags := credential.LatestRefresh(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	server, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	if deactivates(state.Active, plan.Active) {
		resp.Diagnostics.Append(server.guardKey(state, service.AtApply, "deactivate", path.Root("active"))...)
		if resp.Diagnostics.HasError() {
			return
		}
	}
	// The rest concerns the state alone.
	if update := plan.update(state); update != (zenmlapi.APIKeyUpdate{}) {
		err := server.UpdateAPIKey(ctx, state.ServiceAccountID.ValueString(), state.ID.ValueString(), update)
		if err != nil {
			resp.Diagnostics.Append(server.failure("update", apiKeyNoun, state.object(), err))
			return
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	if noted.Found == credential.Deactivated && plan.Active.ValueBool() {
		// It is not any more.
		resp.Diagnostics.Append(credential.Refresh{At: noted.At}.Note(ctx, resp.Private)...)
	}
}

func (r *apiKeyResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state apiKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	server, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(server.guardKey(state, service.AtApply, "delete", path.Empty())...)
	if resp.Diagnostics.HasError() {
		return
	}
	if server.guard().Abandons(state.DeletionPolicy) {
		return
	}
	known, diags := readIssue(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(server.guardUse(ctx, state)...)
	resp.Diagnostics.Append(server.guardAdopted(ctx, state, known)...)
	if resp.Diagnostics.HasError() {
		return
	}
	err := server.DeleteAPIKey(ctx, state.ServiceAccountID.ValueString(), state.ID.ValueString())
	if err != nil && !zenmlapi.IsNotFound(err) {
		resp.Diagnostics.Append(server.failure("delete", apiKeyNoun, state.object(), err))
	}
}

func (r *apiKeyResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	identity, diags := importedKey(ctx, req)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("service_account_id"), identity.ServiceAccountID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), identity.ID)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity)...)
}
