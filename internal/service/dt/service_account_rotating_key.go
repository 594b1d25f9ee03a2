package dt

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/credential"
	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/dt/dtapi"
)

var (
	_ resource.ResourceWithConfigure   = (*rotatingKeyResource)(nil)
	_ resource.ResourceWithIdentity    = (*rotatingKeyResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*rotatingKeyResource)(nil)
	_ resource.ResourceWithImportState = (*rotatingKeyResource)(nil)
)

func newRotatingKeyResource() resource.Resource { return &rotatingKeyResource{} }

type rotatingKeyResource struct{ service.Resource[*studio] }

type rotatingKeyModel struct {
	ServiceAccount types.String `tfsdk:"service_account"`
	DeletionPolicy types.String `tfsdk:"deletion_policy"`
	credential.Rotating
}

// keyForm is the shape of the keys that the resource holds: a login names the id.
var keyForm = credential.Form{}

func (m rotatingKeyModel) object() string {
	return "rotating key of service account " + m.ServiceAccount.ValueString()
}

// held are the keys that there are, the current one first.
func (m rotatingKeyModel) held() []credential.Held {
	held := []credential.Held{credential.HeldIn(m.Current)}
	if previous := credential.HeldIn(m.Previous); previous.Exists() {
		held = append(held, previous)
	}
	return held
}

// objects names all that ends with the resource.
func (m rotatingKeyModel) objects() string {
	var names []string
	for _, held := range m.held() {
		names = append(names, m.keyName(held))
	}
	return "rotating key " + strings.Join(names, " with ")
}

func (m rotatingKeyModel) keyName(held credential.Held) string {
	return m.ServiceAccount.ValueString() + "/keys/" + held.ID.ValueString()
}

// identity is the name of the current key, and changes with it.
func (m rotatingKeyModel) identity() nameIdentity {
	return nameIdentity{Name: types.StringValue(m.keyName(credential.HeldIn(m.Current)))}
}

// key is one of the keys as a model of its own; one that is yet to be made has no name.
func (m rotatingKeyModel) key(held credential.Held) serviceAccountKeyModel {
	key := serviceAccountKeyModel{
		ServiceAccount: m.ServiceAccount, ID: held.ID, CreateTime: held.Created, Secret: held.Secret, DeletionPolicy: m.DeletionPolicy, Upkeep: m.Upkeep,
	}
	if held.Exists() {
		key.Name = types.StringValue(m.keyName(held))
	}
	return key
}

// subject is the current key as a decision about it needs it.
func (m rotatingKeyModel) subject(current credential.Held) credential.Subject {
	subject := m.key(current).subject()
	subject.Secret = path.Root("current")
	return subject
}

// heldKey maps what the server tells; the secret is known to the state alone.
func heldKey(key *dtapi.Key, prior credential.Held) credential.Held {
	prior.ID, prior.Created = types.StringValue(lastSegment(key.Name)), service.TimeValue(key.CreateTime)
	return prior
}

func (r *rotatingKeyResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_dt_service_account_rotating_key"
	resp.ResourceBehavior = resource.ResourceBehavior{MutableIdentity: true}
}

func (r *rotatingKeyResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: fmt.Sprintf("A key of a DT Studio service account that is rotated with an overlap: the next key is made and proven while the one before it stays valid, so that "+
			"consumers can move from one to the other. An account has at most %d keys; this resource uses two of them.", dtapi.MaxKeys),
		Attributes: credential.WithRotating(map[string]schema.Attribute{
			"service_account": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Full name of the service account, `projects/<project>/serviceaccounts/<id>`. A change replaces the resource, with both keys.",
				Validators:          accountNameValidators(),
			},
			"deletion_policy": service.DeletionPolicy(),
		}, keyForm),
	}
}

func (r *rotatingKeyResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = nameIdentitySchema("projects/<project>/serviceaccounts/<account>/keys/<id of the current key>")
}

// ModifyPlan decides what an update does, and every replacement, and refuses what would lock out the provider itself.
func (r *rotatingKeyResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.State.Raw.IsNull() {
		resp.Diagnostics.Append(credential.PlanNewRotating(ctx, &resp.Plan, keyForm)...)
		return
	}
	var plan, state rotatingKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(r.guardPlan(state, "delete", path.Empty())...)
		resp.Diagnostics.Append(credential.PlanEnd(ctx, req.Private, serviceAccountKeyNoun, r.leavesFound(state.DeletionPolicy))...)
		return
	}
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !plan.ServiceAccount.Equal(state.ServiceAccount) {
		resp.RequiresReplace.Append(path.Root("service_account"))
		resp.Diagnostics.Append(r.guardPlan(state, "replace", path.Root("service_account"))...)
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
	studio, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(studio.checkProof(ctx, plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	rotation := studio.rotation(plan)
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
	studio, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	observed, diags := studio.observe(ctx, state)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(observed.Warnings(serviceAccountKeyNoun, func(held credential.Held) string { return state.key(held).object() })...)
	if observed.Nothing() {
		resp.Diagnostics.Append(credential.Forgotten(ctx, req.Private, serviceAccountKeyNoun)...)
		resp.State.RemoveResource(ctx)
		return
	}
	observed.Apply(&state.Rotating, keyForm)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	resp.Diagnostics.Append(studio.noteRefresh(ctx, state.key(credential.HeldIn(state.Current)), resp.Private)...)
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
	studio, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	step := credential.StepOf(state.Rotating, plan.Rotating)
	if step.Retire {
		resp.Diagnostics.Append(r.guardRetirement(state, service.AtApply)...)
	}
	if step.Rotate {
		resp.Diagnostics.Append(studio.checkProof(ctx, plan)...)
		resp.Diagnostics.Append(studio.checkRoom(ctx, state, step, leftovers)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	rotation := studio.rotation(state)
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
	studio, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(studio.guardKeys(state, service.AtApply, "delete", path.Empty())...)
	if resp.Diagnostics.HasError() {
		return
	}
	if studio.guard().Abandons(state.DeletionPolicy) {
		resp.Diagnostics.Append(studio.rotation(state).Abandon(ctx, state.Rotating, leftovers)...)
		return
	}
	rotation := studio.rotation(state)
	rotation.Put = func(now credential.Rotating) diag.Diagnostics {
		live := state
		live.Rotating = now
		return resp.State.Set(ctx, live)
	}
	resp.Diagnostics.Append(rotation.End(ctx, state.Rotating, leftovers)...)
}

func (r *rotatingKeyResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	identity, diags := importedName(ctx, req, keyName, serviceAccountKeyNoun, "projects/<project>/serviceaccounts/<account>/keys/<id>")
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	account, id, _ := strings.Cut(identity.Name.ValueString(), "/keys/")
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("service_account"), account)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("current"), keyForm.Current(credential.Held{ID: types.StringValue(id)}))...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity)...)
}
