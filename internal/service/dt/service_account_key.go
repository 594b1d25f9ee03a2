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
	ServiceAccount    types.String `tfsdk:"service_account"`
	ID                types.String `tfsdk:"id"`
	Name              types.String `tfsdk:"name"`
	RotateWhenChanged types.Map    `tfsdk:"rotate_when_changed"`
	CreateTime        types.String `tfsdk:"create_time"`
	Secret            types.String `tfsdk:"secret"`
}

func (m serviceAccountKeyModel) object() string {
	if m.Name.ValueString() == "" {
		return "key of service account " + m.ServiceAccount.ValueString()
	}
	return "key " + m.Name.ValueString()
}

// serviceAccountKeyState maps what the server tells. The secret and the rotation values are known to the state alone,
// so they come from the prior model.
func serviceAccountKeyState(key *dtapi.Key, prior serviceAccountKeyModel) serviceAccountKeyModel {
	account, _, _ := strings.Cut(key.Name, "/keys/")
	return serviceAccountKeyModel{
		ServiceAccount:    types.StringValue(account),
		ID:                types.StringValue(lastSegment(key.Name)),
		Name:              types.StringValue(key.Name),
		RotateWhenChanged: prior.RotateWhenChanged,
		CreateTime:        service.TimeValue(key.CreateTime),
		Secret:            prior.Secret,
	}
}

func (r *serviceAccountKeyResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_dt_service_account_key"
}

func (r *serviceAccountKeyResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	keep := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	resp.Schema = schema.Schema{
		MarkdownDescription: fmt.Sprintf("A key of a DT Studio service account. The server shows its secret once, at creation; this resource keeps it in state. "+
			"Keys do not expire and cannot be changed: they are rotated by replacement, best with `create_before_destroy`. An account has at most %d keys.", dtapi.MaxKeys),
		Attributes: map[string]schema.Attribute{
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
			"rotate_when_changed": credential.RotateWhenChanged(),
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
		},
	}
}

func (r *serviceAccountKeyResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = nameIdentitySchema("projects/<project>/serviceaccounts/<account>/keys/<id>")
}

// ModifyPlan decides every replacement of a key, because a replacement must also set the secret unknown, and refuses
// what would lock out the provider itself.
func (r *serviceAccountKeyResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.State.Raw.IsNull() || req.Plan.Raw.Equal(req.State.Raw) {
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
	if credential.RotationRequested(state.RotateWhenChanged, plan.RotateWhenChanged) {
		resp.RequiresReplace.Append(path.Root("rotate_when_changed"))
	}
	if len(resp.RequiresReplace) == 0 {
		return
	}
	operation, attribute := service.Replacement(resp.RequiresReplace)
	resp.Diagnostics.Append(r.guardPlan(state, operation, attribute)...)
	plan.ID, plan.Name = types.StringUnknown(), types.StringUnknown()
	plan.CreateTime, plan.Secret = types.StringUnknown(), types.StringUnknown()
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
	state.ServiceAccount, state.Secret = plan.ServiceAccount, service.TextOrNull(key.Secret)
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
	resp.Diagnostics.Append(resp.State.Set(ctx, serviceAccountKeyState(key, state))...)
}

// Update is reached by a rotate_when_changed that came or went, which concerns the state alone.
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
	lines := make([]string, len(limit.Keys))
	for i, key := range limit.Keys {
		lines[i] = fmt.Sprintf("- %s, made at %s", key.Name, service.TimeValue(key.CreateTime).ValueString())
	}
	return service.Failure{
		Operation: "create", Noun: serviceAccountKeyNoun, Object: plan.object(), Err: err,
		Next: fmt.Sprintf("A service account may have at most %d keys, and this one has %d:\n\n%s\n\nDelete one that is not used any more. With create_before_destroy, "+
			"old and new keys exist side by side for a moment: leave room for as many as are replaced in one apply.", dtapi.MaxKeys, len(limit.Keys), strings.Join(lines, "\n")),
	}.Diagnostic()
}
