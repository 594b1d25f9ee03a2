package dt

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/dt/dtapi"
)

var (
	_ resource.ResourceWithConfigure   = (*organizationMemberResource)(nil)
	_ resource.ResourceWithIdentity    = (*organizationMemberResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*organizationMemberResource)(nil)
	_ resource.ResourceWithImportState = (*organizationMemberResource)(nil)
)

const organizationMemberNoun = "DT organization member"

func newOrganizationMemberResource() resource.Resource { return &organizationMemberResource{} }

type organizationMemberResource struct{ service.Resource[*studio] }

type organizationMemberModel struct {
	Organization   types.String `tfsdk:"organization"`
	Email          types.String `tfsdk:"email"`
	Role           types.String `tfsdk:"role"`
	MemberID       types.String `tfsdk:"member_id"`
	Name           types.String `tfsdk:"name"`
	AccountType    types.String `tfsdk:"account_type"`
	DeletionPolicy types.String `tfsdk:"deletion_policy"`
}

func (m organizationMemberModel) object() string {
	return fmt.Sprintf("member %s of %s", m.Email.ValueString(), fullOrganization(m.Organization.ValueString()))
}

func (m organizationMemberModel) membership() membership {
	return membership{noun: "DT organization membership", object: m.object(), email: m.Email, accountType: m.AccountType, policy: m.DeletionPolicy}
}

// reduces tells which attribute makes a plan replace the membership; the operation is "" if none does.
func (m organizationMemberModel) reduces(state organizationMemberModel) (operation string, attribute path.Path) {
	switch {
	case !m.Organization.Equal(state.Organization):
		return "replace", path.Root("organization")
	case !m.Email.Equal(state.Email):
		return "replace", path.Root("email")
	case !m.Role.Equal(state.Role):
		return "replace", path.Root("role")
	}
	return "", path.Empty()
}

// organizationMemberState maps what the server tells. Organization and e-mail are spelled as they were.
func organizationMemberState(member *dtapi.Member, prior organizationMemberModel) organizationMemberModel {
	return organizationMemberModel{
		Organization:   spelledAs(prior.Organization, parentOf(member.Name), fullOrganization),
		Email:          spelledAs(prior.Email, member.Email, strings.ToLower),
		Role:           oneRole(member.Roles),
		MemberID:       types.StringValue(lastSegment(member.Name)),
		Name:           types.StringValue(member.Name),
		AccountType:    service.TextOrNull(member.AccountType),
		DeletionPolicy: prior.DeletionPolicy,
	}
}

func (r *organizationMemberResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_dt_organization_member"
}

func (r *organizationMemberResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	keep := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	resp.Schema = schema.Schema{
		MarkdownDescription: "A service account or a user who has a role in a DT Studio organization, and with it in each of its projects. Nothing of it can be changed in place. " +
			"Destroying it ends the membership; the account or user stays. A user who is unknown to DT Studio is invited by mail.",
		Attributes: map[string]schema.Attribute{
			"organization": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "The organization, as `organizations/<id>` or `<id>`. A change replaces the membership.",
				Validators:          organizationValidators(),
				PlanModifiers:       []planmodifier.String{sameSpelling(fullOrganization), stringplanmodifier.RequiresReplace()},
			},
			"email": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "E-mail address of the service account (its attribute `email`) or of the user. Upper and lower case mean the same. A change replaces the membership.",
				Validators:          emailValidators(),
				PlanModifiers:       []planmodifier.String{sameSpelling(strings.ToLower), stringplanmodifier.RequiresReplace()},
			},
			"role": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "The role: `roles/organization.admin`, or another organization role that the server has; " +
					"the data source `machineid_dt_roles` lists them with their permissions. A change replaces the membership.",
				Validators:    []validator.String{stringvalidator.RegexMatches(organizationRole, "must be an organization role, such as roles/organization.admin")},
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"member_id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Id of the member: for a service account, that of the account.",
				PlanModifiers:       keep,
			},
			"name": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Full resource name, `organizations/<organization>/members/<member_id>`.",
				PlanModifiers:       keep,
			},
			"account_type": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "`SERVICE_ACCOUNT` or `USER`.",
				PlanModifiers:       keep,
			},
			"deletion_policy": service.DeletionPolicy(),
		},
	}
}

func (r *organizationMemberResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = nameIdentitySchema("organizations/<organization>/members/<member>")
}

// ModifyPlan refuses what would lock out the provider itself.
func (r *organizationMemberResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.State.Raw.IsNull() {
		return
	}
	var plan, state organizationMemberModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	operation, attribute := "delete", path.Empty()
	if !req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
		operation, attribute = plan.reduces(state)
	}
	var undecided diag.Diagnostics // judged at apply
	if studio, ok := r.Client(&undecided); ok && operation != "" && !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(studio.guardMember(ctx, state.membership(), service.AtPlan, operation, attribute)...)
	}
}

func (r *organizationMemberResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan organizationMemberModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	studio, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	member, err := studio.createMember(ctx, fullOrganization(plan.Organization.ValueString()), plan.Email.ValueString(), plan.Role.ValueString())
	if err != nil {
		resp.Diagnostics.Append(studio.memberNotCreated(organizationMemberNoun, plan.object(), err))
		if member == nil {
			return
		}
	}
	state := organizationMemberState(member, plan)
	state.Email, state.Role = plan.Email, plan.Role
	resp.Diagnostics.Append(resp.Identity.Set(ctx, nameIdentity{Name: state.Name})...)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(writeBorn(ctx, resp.Private, member)...)
}

func (r *organizationMemberResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state organizationMemberModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	// Before the call: an object that vanished must still have its identity in the answer.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, nameIdentity{Name: state.Name})...)
	born, diags := readBorn(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	studio, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	if listed, ok := studio.ListedMember(ctx, state.Name.ValueString()); ok && service.Unchanged(organizationMemberState(listed, state), state) {
		studio.Saved()
		return
	}
	member, err := studio.Member(ctx, state.Name.ValueString(), born)
	if dtapi.IsNotFound(err) {
		resp.Diagnostics.Append(service.Vanished(organizationMemberNoun, state.object(), err))
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(studio.failure("read", organizationMemberNoun, state.object(), err))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, organizationMemberState(member, state))...)
}

// Update is never reached by a change, because every change replaces.
func (r *organizationMemberResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan organizationMemberModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, nameIdentity{Name: plan.Name})...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

func (r *organizationMemberResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state organizationMemberModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	born, diags := readBorn(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	studio, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(studio.guardMember(ctx, state.membership(), service.AtApply, "delete", path.Empty())...)
	if resp.Diagnostics.HasError() {
		return
	}
	if studio.guard().Abandons(state.DeletionPolicy) {
		return
	}
	err := studio.DeleteMember(ctx, state.Name.ValueString(), born)
	if err != nil && !dtapi.IsNotFound(err) {
		resp.Diagnostics.Append(studio.failure("delete", organizationMemberNoun, state.object(), err))
	}
}

func (r *organizationMemberResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	identity, diags := importedName(ctx, req, organizationMemberName, organizationMemberNoun, "organizations/<organization>/members/<member>")
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("name"), identity.Name)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity)...)
}
