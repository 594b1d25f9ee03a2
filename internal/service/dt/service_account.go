package dt

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/dt/dtapi"
)

var (
	_ resource.ResourceWithConfigure   = (*serviceAccountResource)(nil)
	_ resource.ResourceWithIdentity    = (*serviceAccountResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*serviceAccountResource)(nil)
	_ resource.ResourceWithImportState = (*serviceAccountResource)(nil)
)

const serviceAccountNoun = "DT service account"

func newServiceAccountResource() resource.Resource { return &serviceAccountResource{} }

type serviceAccountResource struct{ service.Resource[*studio] }

type serviceAccountModel struct {
	Project         types.String `tfsdk:"project"`
	ID              types.String `tfsdk:"id"`
	Name            types.String `tfsdk:"name"`
	DisplayName     types.String `tfsdk:"display_name"`
	EnableBasicAuth types.Bool   `tfsdk:"enable_basic_auth"`
	Email           types.String `tfsdk:"email"`
	CreateTime      types.String `tfsdk:"create_time"`
	DeletionPolicy  types.String `tfsdk:"deletion_policy"`
}

type nameIdentity struct {
	Name types.String `tfsdk:"name"`
}

func (m serviceAccountModel) object() string {
	if m.Name.ValueString() == "" {
		return fmt.Sprintf("service account %s in %s", label(m.DisplayName, m.Name), fullProject(m.Project.ValueString()))
	}
	return "service account " + label(m.DisplayName, m.Name)
}

func (m serviceAccountModel) create() dtapi.ServiceAccountCreate {
	return dtapi.ServiceAccountCreate{DisplayName: m.DisplayName.ValueString(), EnableBasicAuth: m.EnableBasicAuth.ValueBool()}
}

// update holds what the plan changes in the system.
func (m serviceAccountModel) update(state serviceAccountModel) dtapi.ServiceAccountUpdate {
	var update dtapi.ServiceAccountUpdate
	if !m.DisplayName.Equal(state.DisplayName) {
		update.DisplayName = m.DisplayName.ValueStringPointer()
	}
	if !m.EnableBasicAuth.Equal(state.EnableBasicAuth) {
		update.EnableBasicAuth = m.EnableBasicAuth.ValueBoolPointer()
	}
	return update
}

// serviceAccountState maps what the server tells. The project is spelled as it was.
func serviceAccountState(account *dtapi.ServiceAccount, prior serviceAccountModel) serviceAccountModel {
	return serviceAccountModel{
		Project:         spelledAs(prior.Project, parentOf(account.Name), fullProject),
		ID:              types.StringValue(lastSegment(account.Name)),
		Name:            types.StringValue(account.Name),
		DisplayName:     types.StringValue(account.DisplayName),
		EnableBasicAuth: types.BoolValue(account.EnableBasicAuth),
		Email:           service.TextOrNull(account.Email),
		CreateTime:      service.TimeValue(account.CreateTime),
		DeletionPolicy:  prior.DeletionPolicy,
	}
}

func (r *serviceAccountResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_dt_service_account"
}

func (r *serviceAccountResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	keep := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	resp.Schema = schema.Schema{
		MarkdownDescription: "A service account of a DT Studio project: a non-human account that authenticates with keys. It has no rights at first, not even in its own project; " +
			"grant them with `machineid_dt_project_member` or `machineid_dt_organization_member`.",
		Attributes: map[string]schema.Attribute{
			"project": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "The owning project, as `projects/<id>` or `<id>`. A change replaces the account.",
				Validators:          projectValidators(),
				PlanModifiers:       []planmodifier.String{sameSpelling(fullProject), stringplanmodifier.RequiresReplace()},
			},
			"id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Id of the account, the last part of `name`.",
				PlanModifiers:       keep,
			},
			"name": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Full resource name, `projects/<project>/serviceaccounts/<id>`.",
				PlanModifiers:       keep,
			},
			"display_name": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				Default:             stringdefault.StaticString(""),
				MarkdownDescription: "Name that DT Studio shows. Need not be unique. Default: empty.",
			},
			"enable_basic_auth": schema.BoolAttribute{
				Optional:            true,
				Computed:            true,
				Default:             booldefault.StaticBool(false),
				MarkdownDescription: "Whether a key and its secret may be sent with each request, without a token. The vendor advises against it in production. Default: false.",
			},
			"email": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "E-mail address that the server made up for the account: the issuer of its logins, and how it is named as a member. Never changes.",
				PlanModifiers:       keep,
			},
			"create_time": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Moment of creation (RFC 3339, UTC).",
				PlanModifiers:       keep,
			},
			"deletion_policy": service.DeletionPolicy(),
		},
	}
}

func (r *serviceAccountResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = nameIdentitySchema("projects/<project>/serviceaccounts/<id>")
}

// nameIdentitySchema is the identity of every object of this system: its full resource name.
func nameIdentitySchema(form string) identityschema.Schema {
	return identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"name": identityschema.StringAttribute{RequiredForImport: true, Description: "Full resource name, " + form + "."},
	}}
}

// ModifyPlan refuses what would lock out the provider itself.
func (r *serviceAccountResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.State.Raw.IsNull() || req.Plan.Raw.Equal(req.State.Raw) {
		return
	}
	var plan, state serviceAccountModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	var undecided diag.Diagnostics // judged at apply
	studio, ok := r.Client(&undecided)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	if req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(studio.guardAccount(ctx, state, service.AtPlan, "delete", path.Empty(), takesLogins)...)
		return
	}
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	switch {
	case resp.Diagnostics.HasError():
	case !plan.Project.Equal(state.Project): // as the attribute's own modifier, which shows only afterwards
		resp.Diagnostics.Append(studio.guardAccount(ctx, state, service.AtPlan, "replace", path.Root("project"), takesLogins)...)
	default:
		resp.Diagnostics.Append(studio.guardBasicAuth(ctx, state, plan, service.AtPlan)...)
	}
}

func (r *serviceAccountResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan serviceAccountModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	studio, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	account, err := studio.createAccount(ctx, plan)
	if err != nil {
		resp.Diagnostics.Append(studio.failure("create", serviceAccountNoun, plan.object(), err))
		if account == nil {
			return
		}
	}
	state := serviceAccountState(account, plan)
	if err != nil {
		// The account exists but its answer was odd: what was asked for stands in for what is not known, and the error
		// taints it.
		state.DisplayName, state.EnableBasicAuth = plan.DisplayName, plan.EnableBasicAuth
	}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, nameIdentity{Name: state.Name})...)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

func (r *serviceAccountResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state serviceAccountModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	// Before the call: an object that vanished must still have its identity in the answer.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, nameIdentity{Name: state.Name})...)
	studio, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	if listed, ok := studio.ListedServiceAccount(ctx, state.Name.ValueString()); ok && service.Unchanged(serviceAccountState(listed, state), state) {
		studio.Saved()
		return
	}
	account, err := studio.ServiceAccount(ctx, state.Name.ValueString(), service.Time(state.CreateTime))
	if dtapi.IsNotFound(err) {
		resp.Diagnostics.Append(service.Vanished(serviceAccountNoun, state.object(), err))
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(studio.failure("read", serviceAccountNoun, state.object(), err))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, serviceAccountState(account, state))...)
}

func (r *serviceAccountResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state serviceAccountModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, nameIdentity{Name: state.Name})...)
	studio, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(studio.guardBasicAuth(ctx, state, plan, service.AtApply)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if update := plan.update(state); update != (dtapi.ServiceAccountUpdate{}) {
		if err := studio.UpdateServiceAccount(ctx, state.Name.ValueString(), service.Time(state.CreateTime), update); err != nil {
			resp.Diagnostics.Append(studio.failure("update", serviceAccountNoun, state.object(), err))
			return
		}
	}
	// The plan and not the answer: what somebody else has changed meanwhile is for the next plan to show.
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

func (r *serviceAccountResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state serviceAccountModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	studio, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(studio.guardAccount(ctx, state, service.AtApply, "delete", path.Empty(), takesLogins)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if studio.guard().Abandons(state.DeletionPolicy) {
		return
	}
	err := studio.DeleteServiceAccount(ctx, state.Name.ValueString(), service.Time(state.CreateTime))
	if err != nil && !dtapi.IsNotFound(err) {
		resp.Diagnostics.Append(studio.failure("delete", serviceAccountNoun, state.object(), err))
	}
}

func (r *serviceAccountResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	identity, diags := importedName(ctx, req, accountName, serviceAccountNoun, "projects/<project>/serviceaccounts/<id>")
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("name"), identity.Name)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity)...)
}
