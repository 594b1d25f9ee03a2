package zenml

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/outcome"
	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/zenml/zenmlapi"
)

var (
	_ resource.ResourceWithConfigure   = (*serviceAccountResource)(nil)
	_ resource.ResourceWithIdentity    = (*serviceAccountResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*serviceAccountResource)(nil)
	_ resource.ResourceWithImportState = (*serviceAccountResource)(nil)
)

const serviceAccountNoun = "ZenML service account"

func newServiceAccountResource() resource.Resource { return &serviceAccountResource{} }

type serviceAccountResource struct{ service.Resource[*server] }

type serviceAccountModel struct {
	ID             types.String `tfsdk:"id"`
	Name           types.String `tfsdk:"name"`
	FullName       types.String `tfsdk:"full_name"`
	Description    types.String `tfsdk:"description"`
	AvatarURL      types.String `tfsdk:"avatar_url"`
	Active         types.Bool   `tfsdk:"active"`
	Created        types.String `tfsdk:"created"`
	DeletionPolicy types.String `tfsdk:"deletion_policy"`
}

type serviceAccountIdentity struct {
	ID types.String `tfsdk:"id"`
}

func (m serviceAccountModel) object() string {
	return "service account " + label(m.Name, m.ID)
}

func (m serviceAccountModel) create() zenmlapi.ServiceAccountCreate {
	return zenmlapi.ServiceAccountCreate{
		Name:        m.Name.ValueString(),
		FullName:    m.FullName.ValueString(),
		Description: m.Description.ValueString(),
		AvatarURL:   m.AvatarURL.ValueStringPointer(),
		Active:      m.Active.ValueBool(),
	}
}

// update holds what the plan changes in the system.
func (m serviceAccountModel) update(state serviceAccountModel) zenmlapi.ServiceAccountUpdate {
	return zenmlapi.ServiceAccountUpdate{
		Name:        changedString(state.Name, m.Name),
		FullName:    changedString(state.FullName, m.FullName),
		Description: changedString(state.Description, m.Description),
		AvatarURL:   changedString(state.AvatarURL, m.AvatarURL),
		Active:      changedBool(state.Active, m.Active),
	}
}

// serviceAccountState maps what the server tells. What becomes of the account at its end is known to the state alone.
func serviceAccountState(account *zenmlapi.ServiceAccount, prior serviceAccountModel) serviceAccountModel {
	return serviceAccountModel{
		ID:             types.StringValue(account.ID),
		Name:           types.StringValue(account.Name),
		FullName:       types.StringValue(account.FullName),
		Description:    types.StringValue(account.Description),
		AvatarURL:      types.StringValue(account.AvatarURL),
		Active:         types.BoolValue(account.Active),
		Created:        timeValue(&account.Created),
		DeletionPolicy: prior.DeletionPolicy,
	}
}

func (r *serviceAccountResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_zenml_service_account"
}

func (r *serviceAccountResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A service account of a ZenML server: a non-human account that logs in with API keys. " +
			"Everything is changed in place; the id stays.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "UUID of the service account.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name, unique among the server's service accounts; 1 to 255 characters, and not of the form of a UUID.",
				Validators:          nameValidators(),
			},
			"full_name": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				Default:             stringdefault.StaticString(""),
				MarkdownDescription: "Display name, at most 255 characters. Default: empty.",
				Validators:          []validator.String{stringvalidator.UTF8LengthAtMost(maxFullName)},
			},
			"description": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				Default:             stringdefault.StaticString(""),
				MarkdownDescription: "Description, at most 65535 characters. Default: empty.",
				Validators:          []validator.String{stringvalidator.UTF8LengthAtMost(maxDescription)},
			},
			"avatar_url": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				Default:             stringdefault.StaticString(""),
				MarkdownDescription: "Address of a picture, shown by the dashboard. Default: empty.",
			},
			"active": schema.BoolAttribute{
				Optional:            true,
				Computed:            true,
				Default:             booldefault.StaticBool(true),
				MarkdownDescription: "Whether the account may log in. Setting it to false refuses all its API keys and tokens at once. Default: true.",
			},
			"created": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Moment of creation (RFC 3339, UTC).",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"deletion_policy": service.DeletionPolicy(),
		},
	}
}

func (r *serviceAccountResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"id": identityschema.StringAttribute{RequiredForImport: true, Description: "UUID of the service account."},
	}}
}

// ModifyPlan refuses what would lock out the provider itself.
func (r *serviceAccountResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.State.Raw.IsNull() || req.Plan.Raw.Equal(req.State.Raw) {
		return
	}
	var plan, state serviceAccountModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(r.guardPlan(ctx, state, "delete", path.Empty())...)
		return
	}
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if !resp.Diagnostics.HasError() && deactivates(state.Active, plan.Active) {
		resp.Diagnostics.Append(r.guardPlan(ctx, state, "deactivate", path.Root("active"))...)
	}
}

func (r *serviceAccountResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan serviceAccountModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	server, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	account, err := server.createAccount(ctx, plan)
	switch {
	case server.adopts(err):
		var diags diag.Diagnostics
		account, diags = server.adoptAccount(ctx, plan, err)
		resp.Diagnostics.Append(diags...)
		if account == nil {
			return
		}
		err = nil
	case zenmlapi.IsConflict(err) && !outcome.IsUnresolved(err):
		resp.Diagnostics.Append(server.serviceAccountExists(ctx, plan, err))
		return
	case err != nil:
		resp.Diagnostics.Append(server.failure("create", serviceAccountNoun, plan.object(), err))
		if account == nil {
			return
		}
	}
	state := serviceAccountState(account, plan)
	if err != nil {
		// The account exists but its answer was cut short: its id is all there is to keep, and taints it.
		state, state.ID, state.Created = plan, types.StringValue(account.ID), types.StringNull()
	}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, serviceAccountIdentity{ID: state.ID})...)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

func (r *serviceAccountResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state serviceAccountModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	// Before the call: an object that vanished must still have its identity in the answer.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, serviceAccountIdentity{ID: state.ID})...)
	server, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	if listed, ok := server.ListedServiceAccount(ctx, state.ID.ValueString()); ok && service.Unchanged(serviceAccountState(listed, state), state) {
		server.Saved()
		return
	}
	account, err := server.ServiceAccount(ctx, state.ID.ValueString())
	if zenmlapi.IsNotFound(err) {
		resp.Diagnostics.Append(service.Vanished(serviceAccountNoun, state.object(), err))
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(server.failure("read", serviceAccountNoun, state.object(), err))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, serviceAccountState(account, state))...)
}

func (r *serviceAccountResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state serviceAccountModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, serviceAccountIdentity{ID: state.ID})...)
	server, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	if deactivates(state.Active, plan.Active) {
		resp.Diagnostics.Append(server.guardAccount(ctx, state, service.AtApply, "deactivate", path.Root("active"))...)
		if resp.Diagnostics.HasError() {
			return
		}
	}
	if update := plan.update(state); update != (zenmlapi.ServiceAccountUpdate{}) {
		if err := server.UpdateServiceAccount(ctx, state.ID.ValueString(), update); err != nil {
			resp.Diagnostics.Append(server.failure("update", serviceAccountNoun, state.object(), err))
			return
		}
	}
	// The plan and not the answer: what somebody else has changed meanwhile is for the next plan to show.
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

func (r *serviceAccountResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state serviceAccountModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	server, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(server.guardAccount(ctx, state, service.AtApply, "delete", path.Empty())...)
	if resp.Diagnostics.HasError() {
		return
	}
	if server.guard().Abandons(state.DeletionPolicy) {
		return
	}
	if err := server.DeleteServiceAccount(ctx, state.ID.ValueString()); err != nil && !zenmlapi.IsNotFound(err) {
		resp.Diagnostics.Append(server.failure("delete", serviceAccountNoun, state.object(), err))
	}
}

func (r *serviceAccountResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	identity := serviceAccountIdentity{ID: types.StringValue(req.ID)}
	if req.ID == "" {
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
	}
	if !uuidPattern.MatchString(identity.ID.ValueString()) {
		resp.Diagnostics.AddError("Invalid import id",
			fmt.Sprintf("A ZenML service account is imported by its UUID in lower case, not by %q. "+
				"The data source machineid_zenml_service_account finds it by name.", identity.ID.ValueString()))
		return
	}
	resource.ImportStatePassthroughWithIdentity(ctx, path.Root("id"), path.Root("id"), req, resp)
}
