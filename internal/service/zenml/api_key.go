package zenml

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/credential"
	"github.com/machineid/terraform-provider-machineid/internal/outcome"
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
	ServiceAccountID  types.String `tfsdk:"service_account_id"`
	ID                types.String `tfsdk:"id"`
	Name              types.String `tfsdk:"name"`
	Description       types.String `tfsdk:"description"`
	Active            types.Bool   `tfsdk:"active"`
	RotateWhenChanged types.Map    `tfsdk:"rotate_when_changed"`
	Created           types.String `tfsdk:"created"`
	LastRotated       types.String `tfsdk:"last_rotated"`
	Key               types.String `tfsdk:"key"`
}

type apiKeyIdentity struct {
	ServiceAccountID types.String `tfsdk:"service_account_id"`
	ID               types.String `tfsdk:"id"`
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

// update holds what the plan changes.
func (m apiKeyModel) update(state apiKeyModel) zenmlapi.APIKeyUpdate {
	return zenmlapi.APIKeyUpdate{
		Name:        changedString(state.Name, m.Name),
		Description: changedString(state.Description, m.Description),
		Active:      changedBool(state.Active, m.Active),
	}
}

// apiKeyState maps what the server tells. The secret and the rotation values are known to the state alone, so they
// come from the prior model.
func apiKeyState(key *zenmlapi.APIKey, prior apiKeyModel) apiKeyModel {
	return apiKeyModel{
		ServiceAccountID:  prior.ServiceAccountID,
		ID:                types.StringValue(key.ID),
		Name:              types.StringValue(key.Name),
		Description:       types.StringValue(key.Description),
		Active:            types.BoolValue(key.Active),
		RotateWhenChanged: prior.RotateWhenChanged,
		Created:           timeValue(&key.Created),
		LastRotated:       lastRotated(key, prior),
		Key:               prior.Key,
	}
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
	if req.State.Raw.IsNull() {
		return
	}
	var plan, state apiKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(r.guardPlan(state, "delete", path.Empty())...)
		return
	}
	plan = state
	if !req.Plan.Raw.Equal(req.State.Raw) {
		resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	}
	issued, diags := readIssue(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !plan.ServiceAccountID.Equal(state.ServiceAccountID) {
		resp.RequiresReplace.Append(path.Root("service_account_id"))
	}
	if credential.RotationRequested(state.RotateWhenChanged, plan.RotateWhenChanged) {
		resp.RequiresReplace.Append(path.Root("rotate_when_changed"))
	}
	if issued.rotatedElsewhere(state) {
		resp.RequiresReplace.Append(path.Root("key"))
		resp.Diagnostics.Append(rotatedElsewhereWarning(state))
	}
	if len(resp.RequiresReplace) == 0 {
		if deactivates(state.Active, plan.Active) {
			resp.Diagnostics.Append(r.guardPlan(state, "deactivate", path.Root("active"))...)
		}
		return
	}
	operation, attribute := service.Replacement(resp.RequiresReplace)
	resp.Diagnostics.Append(r.guardPlan(state, operation, attribute)...)
	plan.ID, plan.Created = types.StringUnknown(), types.StringUnknown()
	plan.LastRotated, plan.Key = types.StringUnknown(), types.StringUnknown()
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
}

func (r *apiKeyResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan apiKeyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	server, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	account := plan.ServiceAccountID.ValueString()
	key, err := server.createKey(ctx, plan)
	adopted := server.adopts(err)
	switch {
	case adopted:
		var diags diag.Diagnostics
		key, diags = server.adoptKey(ctx, plan, err)
		resp.Diagnostics.Append(diags...)
		if key == nil {
			return
		}
	case zenmlapi.IsConflict(err) && !outcome.IsUnresolved(err):
		resp.Diagnostics.Append(server.apiKeyExists(ctx, plan, err))
		return
	case err != nil:
		resp.Diagnostics.Append(server.failure("create", apiKeyNoun, plan.object(), err))
		if key == nil {
			return
		}
	}
	state := apiKeyState(key, plan)
	state.Key = types.StringNull()
	if key.Key != "" {
		state.Key = types.StringValue(key.Key)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	resp.Diagnostics.Append(writeIssue(ctx, resp.Private, state)...)
	update := plan.update(state)
	if update == (zenmlapi.APIKeyUpdate{}) || resp.Diagnostics.HasError() {
		return
	}
	// A key is born active, and an adopted one may be inactive. That is changed only now that id and secret are in state, so
	// that a failure here loses nothing.
	if err := server.UpdateAPIKey(ctx, account, key.ID, update); err != nil {
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
	known, diags := readIssue(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if known == nil && !diags.HasError() && current.Key.IsNull() && key.TellsRotation {
		// It was imported just now.
		resp.Diagnostics.Append(writeIssue(ctx, resp.Private, current)...)
	}
}

func (r *apiKeyResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state apiKeyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
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
	// A rotate_when_changed that came or went concerns the state alone.
	if update := plan.update(state); update != (zenmlapi.APIKeyUpdate{}) {
		err := server.UpdateAPIKey(ctx, state.ServiceAccountID.ValueString(), state.ID.ValueString(), update)
		if err != nil {
			resp.Diagnostics.Append(server.failure("update", apiKeyNoun, state.object(), err))
			return
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
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
	known, diags := readIssue(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
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
	var identity apiKeyIdentity
	if req.ID == "" {
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
	} else {
		account, key, _ := strings.Cut(req.ID, "/")
		identity = apiKeyIdentity{ServiceAccountID: types.StringValue(account), ID: types.StringValue(key)}
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if !uuidPattern.MatchString(identity.ServiceAccountID.ValueString()) || !uuidPattern.MatchString(identity.ID.ValueString()) {
		resp.Diagnostics.AddError("Invalid import id",
			fmt.Sprintf("A ZenML API key is imported by <service account UUID>/<key UUID>, both in lower case, not by %q. "+
				"The data sources machineid_zenml_service_account and machineid_zenml_api_key find both by name.",
				identity.ServiceAccountID.ValueString()+"/"+identity.ID.ValueString()))
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("service_account_id"), identity.ServiceAccountID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), identity.ID)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity)...)
}
