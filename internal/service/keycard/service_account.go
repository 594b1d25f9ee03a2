package keycard

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/keycard/keycardapi"
)

var (
	_ resource.ResourceWithConfigure   = (*serviceAccountResource)(nil)
	_ resource.ResourceWithIdentity    = (*serviceAccountResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*serviceAccountResource)(nil)
	_ resource.ResourceWithImportState = (*serviceAccountResource)(nil)
)

const serviceAccountNoun = "Keycard service account"

func newServiceAccountResource() resource.Resource { return &serviceAccountResource{} }

type serviceAccountResource struct{ service.Resource[*console] }

type serviceAccountModel struct {
	OrganizationID types.String `tfsdk:"organization_id"`
	ID             types.String `tfsdk:"id"`
	Name           types.String `tfsdk:"name"`
	Description    types.String `tfsdk:"description"`
	CreatedAt      types.String `tfsdk:"created_at"`
	DeletionPolicy types.String `tfsdk:"deletion_policy"`
}

type serviceAccountIdentity struct {
	OrganizationID types.String `tfsdk:"organization_id"`
	ID             types.String `tfsdk:"id"`
}

func (m serviceAccountModel) identity() serviceAccountIdentity {
	return serviceAccountIdentity{OrganizationID: m.OrganizationID, ID: m.ID}
}

func (m serviceAccountModel) object() string { return "service account " + label(m.Name, m.ID) }

func (m serviceAccountModel) fields() keycardapi.Fields {
	return keycardapi.Fields{Name: m.Name.ValueString(), Description: m.Description.ValueString()}
}

func (m serviceAccountModel) change(plan serviceAccountModel) keycardapi.Change {
	return keycardapi.Change{Name: changed(m.Name, plan.Name), Description: changed(m.Description, plan.Description)}
}

// serviceAccountState maps what the server tells. It never tells the organization, and what becomes of the account at its
// end is known to the state alone, so both come from the prior model.
func serviceAccountState(account *keycardapi.ServiceAccount, prior serviceAccountModel) serviceAccountModel {
	return serviceAccountModel{
		OrganizationID: prior.OrganizationID,
		ID:             types.StringValue(account.ID),
		Name:           told(account.Name, prior.Name),
		Description:    told(account.Description, prior.Description),
		CreatedAt:      service.TimeValue(account.CreatedAt),
		DeletionPolicy: prior.DeletionPolicy,
	}
}

func (r *serviceAccountResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_keycard_service_account"
}

func (r *serviceAccountResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	keep := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	resp.Schema = schema.Schema{
		MarkdownDescription: "A service account of a Keycard organization. No role can be granted to it: in effect it has the rights of an admin. " +
			"Name and description are changed in place.",
		Attributes: map[string]schema.Attribute{
			"organization_id": organizationAttribute(),
			"id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Id of the account.",
				PlanModifiers:       keep,
			},
			"name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name, as the console shows it. It need not be unique, as far as is known.",
				Validators:          nameValidators(),
			},
			"description": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: fmt.Sprintf("Description, of at most %d characters. Leave it out for none.", maxDescription),
				Validators:          descriptionValidators(),
			},
			"created_at": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Moment of creation (RFC 3339, UTC).",
				PlanModifiers:       keep,
			},
			"deletion_policy": service.DeletionPolicy(),
		},
	}
}

func (r *serviceAccountResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"organization_id": identityschema.StringAttribute{RequiredForImport: true, Description: "Organization, by id or label."},
		"id":              identityschema.StringAttribute{RequiredForImport: true, Description: "Id of the account."},
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
		planNewOrganization(ctx, r.Client, config.OrganizationID, resp)
		return
	}
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	organization, replace, diags := planOrganization(ctx, r.Client, config.OrganizationID, state.OrganizationID)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.OrganizationID = organization
	if replace {
		resp.RequiresReplace.Append(path.Root("organization_id"))
		resp.Diagnostics.Append(r.guardPlan(ctx, state, "replace", path.Root("organization_id"))...)
		plan.ID, plan.CreatedAt = types.StringUnknown(), types.StringUnknown()
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
}

func (r *serviceAccountResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan serviceAccountModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	console, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	organization, diags := console.chosenOrganization(ctx, plan.OrganizationID)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.OrganizationID = organization
	account, err := console.createAccount(ctx, plan)
	switch {
	case console.adopts(err):
		account, diags = console.adoptAccount(ctx, plan, err)
		resp.Diagnostics.Append(diags...)
		if account == nil {
			return
		}
	case err != nil:
		resp.Diagnostics.Append(console.accountNotCreated(ctx, plan, err))
		if account == nil {
			return
		}
	}
	state := serviceAccountState(account, plan)
	// What was asked for and not what was answered: a server that changes it is found by the next plan.
	state.Name, state.Description = plan.Name, plan.Description
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	resp.Diagnostics.Append(console.noteOrganization(ctx, resp.Private, state.OrganizationID)...)
}

func (r *serviceAccountResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state serviceAccountModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	// Before the call: an object that vanished must still have its identity in the answer.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	noted, diags := readNote(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	console, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	if listed, ok := console.listedAccount(ctx, state, noted); ok && service.Unchanged(serviceAccountState(listed, state), state) {
		console.Saved()
		return
	}
	account, err := console.ServiceAccount(ctx, state.OrganizationID.ValueString(), state.ID.ValueString(), service.Time(state.CreatedAt), false)
	err = console.goneFrom(ctx, state.OrganizationID, noted, err)
	switch {
	case keycardapi.IsGone(err):
		resp.Diagnostics.Append(service.Vanished(serviceAccountNoun, state.object(), err))
		resp.State.RemoveResource(ctx)
	case err != nil:
		resp.Diagnostics.Append(console.failure("read", serviceAccountNoun, state.object(), err))
	default:
		resp.Diagnostics.Append(resp.State.Set(ctx, serviceAccountState(account, state))...)
		if noted == "" {
			resp.Diagnostics.Append(console.noteOrganization(ctx, resp.Private, state.OrganizationID)...)
		}
	}
}

func (r *serviceAccountResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state serviceAccountModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
	console, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	if change := state.change(plan); change != (keycardapi.Change{}) {
		err := console.UpdateServiceAccount(ctx, state.OrganizationID.ValueString(), state.ID.ValueString(), service.Time(state.CreatedAt), change)
		if err != nil {
			resp.Diagnostics.Append(console.failure("update", serviceAccountNoun, state.object(), err))
			return
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

func (r *serviceAccountResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state serviceAccountModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	noted, diags := readNote(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	console, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(console.guardAccount(ctx, state, service.AtApply, "delete", path.Empty())...)
	if resp.Diagnostics.HasError() {
		return
	}
	if console.guard().Abandons(state.DeletionPolicy) {
		return
	}
	err := console.DeleteServiceAccount(ctx, state.OrganizationID.ValueString(), state.ID.ValueString(), service.Time(state.CreatedAt))
	err = console.goneFrom(ctx, state.OrganizationID, noted, err)
	if err != nil && !keycardapi.IsGone(err) {
		resp.Diagnostics.Append(console.failure("delete", serviceAccountNoun, state.object(), err))
	}
}

func (r *serviceAccountResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	var identity serviceAccountIdentity
	if req.ID == "" {
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
		req.ID = accountImportID(identity.OrganizationID.ValueString(), identity.ID.ValueString())
	}
	parts := accountImport.FindStringSubmatch(req.ID)
	if resp.Diagnostics.HasError() || parts == nil {
		resp.Diagnostics.AddError("Invalid import id",
			fmt.Sprintf("A Keycard service account is imported by %s, not by %q. The data source machineid_keycard_service_account finds the id by name.",
				accountImportID("<organization id or label>", "<id>"), req.ID))
		return
	}
	identity.OrganizationID, identity.ID = types.StringValue(parts[1]), types.StringValue(parts[2])
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("organization_id"), identity.OrganizationID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), identity.ID)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity)...)
}
