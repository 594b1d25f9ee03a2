package neowit

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/neowit/neowitapi"
)

var (
	_ resource.ResourceWithConfigure   = (*serviceAccountResource)(nil)
	_ resource.ResourceWithIdentity    = (*serviceAccountResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*serviceAccountResource)(nil)
	_ resource.ResourceWithImportState = (*serviceAccountResource)(nil)
)

const serviceAccountNoun = "Neowit service account"

func newServiceAccountResource() resource.Resource { return &serviceAccountResource{} }

type serviceAccountResource struct{ service.Resource[*tenant] }

type serviceAccountModel struct {
	OrgID           types.String `tfsdk:"org_id"`
	ID              types.String `tfsdk:"id"`
	Name            types.String `tfsdk:"name"`
	EnableBasicAuth types.Bool   `tfsdk:"enable_basic_auth"`
	Created         types.String `tfsdk:"created"`
	CreatedUnix     types.Int64  `tfsdk:"created_unix"`
	DeletionPolicy  types.String `tfsdk:"deletion_policy"`
}

type serviceAccountIdentity struct {
	OrgID types.String `tfsdk:"org_id"`
	ID    types.String `tfsdk:"id"`
}

func (m serviceAccountModel) identity() serviceAccountIdentity {
	return serviceAccountIdentity{OrgID: m.OrgID, ID: m.ID}
}

func (m serviceAccountModel) object() string { return "service account " + label(m.Name, m.ID) }

func (m serviceAccountModel) fields() neowitapi.ServiceAccountFields {
	return neowitapi.ServiceAccountFields{Name: m.Name.ValueString(), EnableBasicAuth: m.EnableBasicAuth.ValueBool()}
}

// serviceAccountState maps what the server tells. It never tells the organization, and what becomes of the account at its
// end is known to the state alone, so both come from the prior model.
func serviceAccountState(account *neowitapi.ServiceAccount, prior serviceAccountModel) serviceAccountModel {
	return serviceAccountModel{
		OrgID:           prior.OrgID,
		ID:              types.StringValue(account.ID),
		Name:            types.StringValue(account.Name),
		EnableBasicAuth: types.BoolValue(account.EnableBasicAuth),
		Created:         service.TimeValue(account.Created.Time()),
		CreatedUnix:     createdUnix(account.Created),
		DeletionPolicy:  prior.DeletionPolicy,
	}
}

func (r *serviceAccountResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_neowit_service_account"
	// An organization that was not known at import may become known later.
	resp.ResourceBehavior = resource.ResourceBehavior{MutableIdentity: true}
}

func (r *serviceAccountResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A service account of a Neowit organization. It has the rights of an administrator there. " +
			"Name and `enable_basic_auth` are changed in place; the id stays.",
		Attributes: map[string]schema.Attribute{
			"org_id": organizationAttribute(),
			"id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Id of the account.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name, without blanks at either end. Unique within the organization, by the documentation.",
				Validators:          nameValidators(),
			},
			"enable_basic_auth": schema.BoolAttribute{
				Optional:            true,
				Computed:            true,
				Default:             booldefault.StaticBool(false),
				MarkdownDescription: "Whether a key and its secret may be sent with each request, without a token. Default: false.",
			},
			"created": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Moment of creation (RFC 3339, UTC).",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"created_unix": schema.Int64Attribute{
				Computed:            true,
				MarkdownDescription: "Moment of creation, in seconds since 1970, as the API tells it.",
				PlanModifiers:       []planmodifier.Int64{int64planmodifier.UseStateForUnknown()},
			},
			"deletion_policy": service.DeletionPolicy(),
		},
	}
}

func (r *serviceAccountResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"org_id": identityschema.StringAttribute{OptionalForImport: true, Description: "Organization; absent for the caller's own."},
		"id":     identityschema.StringAttribute{RequiredForImport: true, Description: "Id of the account."},
	}}
}

// ModifyPlan plans the organization, and the replacement that another one means, and refuses what would lock out the
// provider itself.
func (r *serviceAccountResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.Equal(req.State.Raw) {
		return
	}
	var config, plan, state serviceAccountModel
	if req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
		resp.Diagnostics.Append(r.guardPlan(ctx, state, "delete", path.Empty())...)
		return
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if req.State.Raw.IsNull() {
		planNewOrganization(ctx, r.Client, config.OrgID, resp)
		return
	}
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	var replace bool
	if plan.OrgID, replace = planOrganization(config.OrgID, state.OrgID); replace {
		resp.RequiresReplace.Append(path.Root("org_id"))
		resp.Diagnostics.Append(r.guardPlan(ctx, state, "replace", path.Root("org_id"))...)
		plan.ID, plan.Created, plan.CreatedUnix = types.StringUnknown(), types.StringUnknown(), types.Int64Unknown()
	} else {
		resp.Diagnostics.Append(r.guardPlannedBasicAuth(ctx, state, plan)...)
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
}

func (r *serviceAccountResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan serviceAccountModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	tenant, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	if plan.OrgID.IsUnknown() {
		plan.OrgID = tenant.newOrganization(types.StringNull())
	}
	account, err := tenant.createAccount(ctx, plan)
	switch {
	case tenant.adopts(err):
		var diags diag.Diagnostics
		account, diags = tenant.adoptAccount(ctx, plan, err)
		resp.Diagnostics.Append(diags...)
		if account == nil {
			return
		}
	case err != nil:
		resp.Diagnostics.Append(tenant.accountNotCreated(ctx, plan, err))
		if account == nil {
			return
		}
	}
	state := serviceAccountState(account, plan)
	// What was asked for and not what was answered: a server that changes it is found by the next plan.
	state.Name, state.EnableBasicAuth = plan.Name, plan.EnableBasicAuth
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

func (r *serviceAccountResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state serviceAccountModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	// Before the call: an object that vanished must still have its identity in the answer.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	tenant, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	if listed, ok := tenant.ListedServiceAccount(ctx, state.OrgID.ValueString(), state.ID.ValueString()); ok && service.Unchanged(serviceAccountState(listed, state), state) {
		tenant.Saved()
		return
	}
	account, err := tenant.ServiceAccount(ctx, state.OrgID.ValueString(), state.ID.ValueString(), service.Time(state.Created))
	switch {
	case neowitapi.IsGone(err):
		resp.Diagnostics.Append(service.Vanished(serviceAccountNoun, state.object(), err))
		resp.State.RemoveResource(ctx)
	case errors.Is(err, neowitapi.ErrUnreadable) && !state.Name.IsNull():
		resp.Diagnostics.Append(unreadable(serviceAccountNoun, state.object()))
	case err != nil:
		resp.Diagnostics.Append(tenant.failure("read", serviceAccountNoun, state.object(), err))
	default:
		resp.Diagnostics.Append(resp.State.Set(ctx, serviceAccountState(account, state))...)
	}
}

func (r *serviceAccountResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state serviceAccountModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
	tenant, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(tenant.guardBasicAuth(ctx, state, plan, service.AtApply)...)
	if resp.Diagnostics.HasError() {
		return
	}
	organization, id := plan.OrgID.ValueString(), state.ID.ValueString()
	if !plan.OrgID.Equal(state.OrgID) {
		resp.Diagnostics.Append(tenant.organizationProof(ctx, organization, id, serviceAccountNoun, state.object())...)
		if resp.Diagnostics.HasError() {
			return
		}
	}
	if plan.fields() != state.fields() {
		err := tenant.UpdateServiceAccount(ctx, organization, id, plan.fields())
		if errors.Is(err, neowitapi.ErrUnreadable) {
			resp.Diagnostics.Append(unproven(state.object()))
			err = nil
		}
		if err != nil {
			resp.Diagnostics.Append(tenant.failure("update", serviceAccountNoun, state.object(), err))
			return
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

func (r *serviceAccountResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state serviceAccountModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	tenant, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(tenant.guardAccount(ctx, state, service.AtApply, "delete", path.Empty(), takesLogins)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if tenant.guard().Abandons(state.DeletionPolicy) {
		return
	}
	err := tenant.DeleteServiceAccount(ctx, state.OrgID.ValueString(), state.ID.ValueString())
	if err != nil && !neowitapi.IsGone(err) {
		resp.Diagnostics.Append(tenant.failure("delete", serviceAccountNoun, state.object(), err))
	}
}

func (r *serviceAccountResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	var identity serviceAccountIdentity
	if req.ID == "" {
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
	} else {
		organization, id, found := strings.Cut(req.ID, "/")
		if !found {
			organization, id = "", req.ID
		}
		identity = serviceAccountIdentity{OrgID: service.TextOrNull(organization), ID: types.StringValue(id)}
	}
	tenant, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	if !isOrganization(identity.OrgID) || !idPattern.MatchString(identity.ID.ValueString()) || strings.HasPrefix(req.ID, "/") {
		resp.Diagnostics.AddError("Invalid import id",
			fmt.Sprintf("A Neowit service account is imported by <id> or <org_id>/<id>, not by %q. "+
				"The data source machineid_neowit_service_account finds the id by name.", req.ID))
		return
	}
	identity.OrgID = tenant.newOrganization(identity.OrgID)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("org_id"), identity.OrgID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), identity.ID)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity)...)
}
