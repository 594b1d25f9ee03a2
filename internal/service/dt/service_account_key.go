package dt

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/credential"
	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/dt/dtapi"
)

var (
	_ resource.ResourceWithConfigure   = (*serviceAccountKeyResource)(nil)
	_ resource.ResourceWithIdentity    = (*serviceAccountKeyResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*serviceAccountKeyResource)(nil)
	_ resource.ResourceWithImportState = (*serviceAccountKeyResource)(nil)
)

const serviceAccountKeyNoun = "DT service account key"

func newServiceAccountKeyResource() resource.Resource { return &serviceAccountKeyResource{} }

type serviceAccountKeyResource struct{ service.Resource[*studio] }

type serviceAccountKeyModel struct {
	ServiceAccount types.String `tfsdk:"service_account"`
	ID             types.String `tfsdk:"id"`
	Name           types.String `tfsdk:"name"`
	CreateTime     types.String `tfsdk:"create_time"`
	Secret         types.String `tfsdk:"secret"`
	DeletionPolicy types.String `tfsdk:"deletion_policy"`
	credential.Upkeep
	credential.Sealed
}

func (m serviceAccountKeyModel) object() string {
	if m.Name.ValueString() == "" {
		return "key of service account " + m.ServiceAccount.ValueString()
	}
	return "key " + m.Name.ValueString()
}

// subject is the key as a decision about it needs it.
func (m serviceAccountKeyModel) subject() credential.Subject {
	return credential.Subject{
		Noun: serviceAccountKeyNoun, Object: m.object(), ID: m.ID.ValueString(), Issued: service.Time(m.CreateTime), Secret: path.Root("secret"),
		NoSecret: !m.Holds(m.Secret),
	}
}

// serviceAccountKeyState maps what the server tells. The rest is known to the state alone, so it comes from the prior model.
func serviceAccountKeyState(key *dtapi.Key, prior serviceAccountKeyModel) serviceAccountKeyModel {
	account, _, _ := strings.Cut(key.Name, "/keys/")
	state := prior
	state.ServiceAccount = types.StringValue(account)
	state.ID = types.StringValue(lastSegment(key.Name))
	state.Name = types.StringValue(key.Name)
	state.CreateTime = service.TimeValue(key.CreateTime)
	return state
}

func (r *serviceAccountKeyResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_dt_service_account_key"
}

func (r *serviceAccountKeyResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	keep := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	resp.Schema = schema.Schema{
		MarkdownDescription: fmt.Sprintf("A key of a DT Studio service account. The server shows its secret once, at creation; this resource keeps it in state. "+
			"Keys do not expire and cannot be changed: they are rotated by replacement, best with `create_before_destroy`. An account has at most %d keys.", dtapi.MaxKeys),
		Attributes: credential.WithUpkeep(map[string]schema.Attribute{
			"service_account": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Full name of the service account, `projects/<project>/serviceaccounts/<id>`. A change replaces the key.",
				Validators:          accountNameValidators(),
			},
			"id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Id of the key, the last part of `name`: the key id of a login, and the user name of Basic auth.",
				PlanModifiers:       keep,
			},
			"name": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Full resource name, `projects/<project>/serviceaccounts/<account>/keys/<id>`.",
				PlanModifiers:       keep,
			},
			"create_time": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Moment of creation (RFC 3339, UTC).",
				PlanModifiers:       keep,
			},
			"secret": schema.StringAttribute{
				Computed:            true,
				Sensitive:           true,
				MarkdownDescription: "The secret. Null for an imported key, because the server does not show it again.",
				PlanModifiers:       keep,
			},
			"deletion_policy": service.DeletionPolicy(),
		}),
	}
}

func (r *serviceAccountKeyResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = nameIdentitySchema("projects/<project>/serviceaccounts/<account>/keys/<id>")
}

// ModifyPlan decides every replacement of a key, because a replacement must also set the secret unknown, and refuses
// what would lock out the provider itself.
func (r *serviceAccountKeyResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	refresh, diags := credential.LatestRefresh(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if req.State.Raw.IsNull() {
		resp.Diagnostics.Append(credential.PlanNew(ctx, &resp.Plan, path.Root("secret"))...)
		return
	}
	if credential.Settled(ctx, req, refresh) {
		return
	}
	var plan, state serviceAccountKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(r.guardPlan(state, "delete", path.Empty())...)
		return
	}
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !plan.ServiceAccount.Equal(state.ServiceAccount) {
		resp.RequiresReplace.Append(path.Root("service_account"))
	}
	decision := credential.Decide(state.Upkeep, plan.Upkeep, refresh, state.subject(), len(resp.RequiresReplace) > 0)
	resp.Diagnostics.Append(decision.Diagnostics...)
	resp.RequiresReplace.Append(decision.Replace...)
	plan.RotationDueAt = decision.DueAt
	if len(resp.RequiresReplace) > 0 {
		operation, attribute := service.Replacement(resp.RequiresReplace)
		resp.Diagnostics.Append(r.guardPlan(state, operation, attribute)...)
		plan.ID, plan.Name = types.StringUnknown(), types.StringUnknown()
		plan.CreateTime, plan.RotationDueAt = types.StringUnknown(), types.StringUnknown()
		plan.Secret, plan.Sealed = plan.PlanSecret()
		resp.Diagnostics.Append(plan.CheckRecipients()...)
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
}

func (r *serviceAccountKeyResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan serviceAccountKeyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	studio, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	key, err := studio.createKey(ctx, plan.ServiceAccount.ValueString())
	if err != nil {
		resp.Diagnostics.Append(studio.keyNotCreated(plan, err))
		if key == nil {
			return
		}
	}
	state := serviceAccountKeyState(key, plan)
	var sealing diag.Diagnostics
	state.ServiceAccount = plan.ServiceAccount
	state.Secret, state.Sealed, sealing = plan.Seal(ctx, key.Secret)
	resp.Diagnostics.Append(sealing...)
	state.RotationDueAt = state.DueAt(state.subject())
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, nameIdentity{Name: state.Name})...)
}

func (r *serviceAccountKeyResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state serviceAccountKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	// Before the call: an object that vanished must still have its identity in the answer.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, nameIdentity{Name: state.Name})...)
	studio, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	if listed, ok := studio.ListedKey(ctx, state.Name.ValueString()); ok && service.Unchanged(serviceAccountKeyState(listed, state), state) {
		studio.Saved()
		resp.Diagnostics.Append(studio.noteRefresh(ctx, state, resp.Private)...)
		return
	}
	key, err := studio.Key(ctx, state.Name.ValueString(), service.Time(state.CreateTime))
	if dtapi.IsNotFound(err) {
		resp.Diagnostics.Append(service.Vanished(serviceAccountKeyNoun, state.object(), err))
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(studio.failure("read", serviceAccountKeyNoun, state.object(), err))
		return
	}
	current := serviceAccountKeyState(key, state)
	resp.Diagnostics.Append(resp.State.Set(ctx, current)...)
	resp.Diagnostics.Append(studio.noteRefresh(ctx, current, resp.Private)...)
}

// noteRefresh notes for plans when the key was read, and, if that is asked for, whether its secret is still accepted.
func (s *studio) noteRefresh(ctx context.Context, state serviceAccountKeyModel, private service.PrivateWriter) diag.Diagnostics {
	found, diags := state.Inspect(ctx, credential.Inspection{
		Noun: serviceAccountKeyNoun, Object: state.object(), Secret: state.Secret, Issued: service.Time(state.CreateTime), Now: s.ServerNow(),
		Verify: func(ctx context.Context) (bool, error) {
			return s.Verify(ctx, state.ServiceAccount.ValueString(), state.ID.ValueString(), state.Secret.ValueString())
		},
	})
	return append(diags, credential.Refresh{At: s.now(), Found: found}.Note(ctx, private)...)
}

// Update is reached by what concerns the state alone.
func (r *serviceAccountKeyResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan serviceAccountKeyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, nameIdentity{Name: plan.Name})...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

func (r *serviceAccountKeyResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state serviceAccountKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	studio, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(studio.guardKey(state, service.AtApply, "delete", path.Empty())...)
	if resp.Diagnostics.HasError() {
		return
	}
	if studio.guard().Abandons(state.DeletionPolicy) {
		return
	}
	err := studio.DeleteKey(ctx, state.Name.ValueString(), service.Time(state.CreateTime))
	if err != nil && !dtapi.IsNotFound(err) {
		resp.Diagnostics.Append(studio.failure("delete", serviceAccountKeyNoun, state.object(), err))
	}
}

func (r *serviceAccountKeyResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	identity, diags := importedName(ctx, req, keyName, serviceAccountKeyNoun, "projects/<project>/serviceaccounts/<account>/keys/<id>")
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("name"), identity.Name)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity)...)
}

// keyNotCreated explains a failed creation; that of an account which is full, with what fills it.
func (s *studio) keyNotCreated(plan serviceAccountKeyModel, err error) diag.Diagnostic {
	limit, full := dtapi.AsKeyLimit(err)
	if !full {
		return s.failure("create", serviceAccountKeyNoun, plan.object(), err)
	}
	return service.Failure{
		Operation: "create", Noun: serviceAccountKeyNoun, Object: plan.object(), Err: err,
		Next: fullAccount(limit) + " With create_before_destroy, old and new keys exist side by side for a moment: leave room for as many as are replaced in one apply.",
	}.Diagnostic()
}

// fullAccount tells what fills an account, and what to do about it.
func fullAccount(limit *dtapi.KeyLimitError) string {
	lines := make([]string, len(limit.Keys))
	for i, key := range limit.Keys {
		lines[i] = fmt.Sprintf("- %s, made at %s", key.Name, service.TimeValue(key.CreateTime).ValueString())
	}
	return fmt.Sprintf("A service account may have at most %d keys, and this one has %d:\n\n%s\n\nDelete one that is not used any more.",
		dtapi.MaxKeys, len(limit.Keys), strings.Join(lines, "\n"))
}
