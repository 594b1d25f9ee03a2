package neowit

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/credential"
	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/neowit/neowitapi"
)

var (
	_ resource.ResourceWithConfigure   = (*rotatingKeyResource)(nil)
	_ resource.ResourceWithIdentity    = (*rotatingKeyResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*rotatingKeyResource)(nil)
	_ resource.ResourceWithImportState = (*rotatingKeyResource)(nil)
)

func newRotatingKeyResource() resource.Resource { return &rotatingKeyResource{} }

type rotatingKeyResource struct{ service.Resource[*tenant] }

type rotatingKeyModel struct {
	OrgID            types.String `tfsdk:"org_id"`
	ServiceAccountID types.String `tfsdk:"service_account_id"`
	DeletionPolicy   types.String `tfsdk:"deletion_policy"`
	credential.Rotating
}

// keyForm is the shape of the keys that the resource holds: a login names the id.
var keyForm = credential.Form{}

// identity is that of the current key, and changes with it.
func (m rotatingKeyModel) identity() serviceAccountKeyIdentity {
	return m.key(credential.HeldIn(m.Current)).identity()
}

func (m rotatingKeyModel) object() string {
	return "rotating key of service account " + m.ServiceAccountID.ValueString()
}

// key is one of the keys as a model of its own.
func (m rotatingKeyModel) key(held credential.Held) serviceAccountKeyModel {
	return serviceAccountKeyModel{
		OrgID: m.OrgID, ServiceAccountID: m.ServiceAccountID, KeyID: held.ID, Created: held.Created, Secret: held.Secret,
		DeletionPolicy: m.DeletionPolicy, Upkeep: m.Upkeep,
	}
}

// subject is the current key as a decision about it needs it.
func (m rotatingKeyModel) subject(current credential.Held) credential.Subject {
	subject := m.key(current).subject()
	subject.Secret = path.Root("current")
	return subject
}

// heldKey maps what the server tells; the secret is known to the state alone.
func heldKey(key *neowitapi.Key, prior credential.Held) credential.Held {
	prior.ID, prior.Created = types.StringValue(key.ID), keyCreated(key, prior.Created)
	return prior
}

func (r *rotatingKeyResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_neowit_service_account_rotating_key"
	resp.ResourceBehavior = resource.ResourceBehavior{MutableIdentity: true}
}

func (r *rotatingKeyResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A key of a Neowit service account that is rotated with an overlap: the next key is made and proven while the one before it stays valid, so that " +
			"consumers can move from one to the other.",
		Attributes: credential.WithRotating(map[string]schema.Attribute{
			"org_id": organizationAttribute(),
			"service_account_id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Id of the service account that the keys belong to. A change replaces the resource, with both keys.",
				Validators:          idValidators(),
			},
			"deletion_policy": service.DeletionPolicy(),
		}, keyForm),
	}
}

func (r *rotatingKeyResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"org_id":             identityschema.StringAttribute{OptionalForImport: true, Description: "Organization; absent for the caller's own."},
		"service_account_id": identityschema.StringAttribute{RequiredForImport: true, Description: "Id of the service account."},
		"key_id":             identityschema.StringAttribute{RequiredForImport: true, Description: "Id of the current key."},
	}}
}

// ModifyPlan plans the organization, decides what an update does, and refuses what would lock out the provider itself.
func (r *rotatingKeyResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var config, plan, state rotatingKeyModel
	if req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
		resp.Diagnostics.Append(r.guardPlan(state, "delete", path.Empty())...)
		resp.Diagnostics.Append(credential.PlanEnd(ctx, req.Private, serviceAccountKeyNoun, r.leavesFound(state.DeletionPolicy))...)
		return
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if req.State.Raw.IsNull() {
		planNewOrganization(ctx, r.Client, config.OrgID, resp)
		resp.Diagnostics.Append(credential.PlanNewRotating(ctx, &resp.Plan, keyForm)...)
		return
	}
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	var replace bool
	if plan.OrgID, replace = planOrganization(config.OrgID, state.OrgID); replace {
		resp.RequiresReplace.Append(path.Root("org_id"))
	}
	if !plan.ServiceAccountID.Equal(state.ServiceAccountID) {
		resp.RequiresReplace.Append(path.Root("service_account_id"))
	}
	if len(resp.RequiresReplace) > 0 {
		operation, attribute := service.Replacement(resp.RequiresReplace)
		resp.Diagnostics.Append(r.guardPlan(state, operation, attribute)...)
		resp.Diagnostics.Append(credential.PlanEnd(ctx, req.Private, serviceAccountKeyNoun, r.leavesFound(state.DeletionPolicy))...)
		plan.Current, plan.Previous, plan.RotationDueAt = keyForm.Unknown(plan.Upkeep), keyForm.None(), types.StringUnknown()
		resp.Diagnostics.Append(plan.CheckRecipients()...)
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
		return
	}
	step, diags := credential.PlanStep(ctx, req.Private, state.Rotating, &plan.Rotating, keyForm, state.subject(credential.HeldIn(state.Current)), r.isWary())
	resp.Diagnostics.Append(diags...)
	if step.Retire {
		resp.Diagnostics.Append(r.guardRetirement(state, service.AtPlan)...)
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
}

func (r *rotatingKeyResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan rotatingKeyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	tenant, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	if plan.OrgID.IsUnknown() {
		plan.OrgID = tenant.newOrganization(types.StringNull())
	}
	rotation := tenant.rotation(plan)
	rotation.Private = resp.Private
	rotation.Put = func(now credential.Rotating) diag.Diagnostics {
		plan.Rotating = now
		return append(resp.State.Set(ctx, plan), resp.Identity.Set(ctx, plan.identity())...)
	}
	resp.Diagnostics.Append(rotation.Begin(ctx, plan.Rotating, plan.subject)...)
}

func (r *rotatingKeyResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state rotatingKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	// Before the call: an object that vanished must still have its identity in the answer.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	tenant, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	observed, err := tenant.observe(ctx, state)
	switch isImported := state.key(credential.HeldIn(state.Current)).isImported(); {
	case errors.Is(err, neowitapi.ErrUnreadable) && !isImported:
		resp.Diagnostics.Append(unreadable(serviceAccountKeyNoun, state.object()))
		resp.Diagnostics.Append(tenant.noteRefresh(ctx, state.key(credential.HeldIn(state.Current)), resp.Private)...) // it ages all the same
		return
	case err != nil:
		resp.Diagnostics.Append(tenant.failure("read", serviceAccountKeyNoun, state.object(), err))
		return
	}
	resp.Diagnostics.Append(observed.Warnings(serviceAccountKeyNoun, func(held credential.Held) string {
		return withAccount(state.key(held).object(), observed.CurrentGone)
	})...)
	if observed.Nothing() {
		resp.Diagnostics.Append(credential.Forgotten(ctx, req.Private, serviceAccountKeyNoun)...)
		resp.State.RemoveResource(ctx)
		return
	}
	observed.Apply(&state.Rotating, keyForm)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	resp.Diagnostics.Append(tenant.noteRefresh(ctx, state.key(credential.HeldIn(state.Current)), resp.Private)...)
}

func (r *rotatingKeyResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state rotatingKeyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	leftovers, diags := credential.Leftovers(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	noted, diags := credential.LatestRefresh(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	tenant, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	if !plan.OrgID.Equal(state.OrgID) {
		resp.Diagnostics.Append(tenant.organizationProof(ctx, plan.OrgID.ValueString(), state.ServiceAccountID.ValueString(), serviceAccountKeyNoun, state.object())...)
	}
	if credential.StepOf(state.Rotating, plan.Rotating).Retire {
		resp.Diagnostics.Append(r.guardRetirement(state, service.AtApply)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	rotation := tenant.rotation(plan)
	rotation.Private = resp.Private
	rotation.Put = func(now credential.Rotating) diag.Diagnostics {
		live := plan
		live.Rotating = now
		return append(resp.State.Set(ctx, live), resp.Identity.Set(ctx, live.identity())...)
	}
	resp.Diagnostics.Append(rotation.Update(ctx, state.Rotating, plan.Rotating, leftovers, noted, state.subject)...)
}

func (r *rotatingKeyResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state rotatingKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	leftovers, diags := credential.Leftovers(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	tenant, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(tenant.guardRotatingKey(state, service.AtApply, "delete", path.Empty())...)
	if resp.Diagnostics.HasError() {
		return
	}
	if tenant.guard().Abandons(state.DeletionPolicy) {
		resp.Diagnostics.Append(tenant.rotation(state).Abandon(ctx, state.Rotating, leftovers)...)
		return
	}
	rotation := tenant.rotation(state)
	rotation.Put = func(now credential.Rotating) diag.Diagnostics {
		live := state
		live.Rotating = now
		return resp.State.Set(ctx, live)
	}
	resp.Diagnostics.Append(rotation.End(ctx, state.Rotating, leftovers)...)
}

func (r *rotatingKeyResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	identity, ok := importedKey(req.ID)
	if req.ID == "" {
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
		ok = identity.isValid()
	}
	tenant, connected := r.Client(&resp.Diagnostics)
	if !connected || resp.Diagnostics.HasError() {
		return
	}
	if !ok {
		resp.Diagnostics.AddError("Invalid import id",
			fmt.Sprintf("A Neowit rotating key is imported by <service_account_id>/<key_id> or <org_id>/<service_account_id>/<key_id>, with the id of its current key, not by %q. "+
				"The data source machineid_neowit_service_account lists the keys of an account.", req.ID))
		return
	}
	identity.OrgID = tenant.newOrganization(identity.OrgID)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("org_id"), identity.OrgID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("service_account_id"), identity.ServiceAccountID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("current"), keyForm.Current(credential.Held{ID: identity.KeyID}))...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity)...)
}
