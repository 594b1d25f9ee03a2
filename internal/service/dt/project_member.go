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
	_ resource.ResourceWithConfigure   = (*projectMemberResource)(nil)
	_ resource.ResourceWithIdentity    = (*projectMemberResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*projectMemberResource)(nil)
	_ resource.ResourceWithImportState = (*projectMemberResource)(nil)
)

const projectMemberNoun = "DT project member"

func newProjectMemberResource() resource.Resource { return &projectMemberResource{} }

type projectMemberResource struct{ service.Resource[*studio] }

type projectMemberModel struct {
	Project        types.String `tfsdk:"project"`
	Email          types.String `tfsdk:"email"`
	Role           types.String `tfsdk:"role"`
	MemberID       types.String `tfsdk:"member_id"`
	Name           types.String `tfsdk:"name"`
	AccountType    types.String `tfsdk:"account_type"`
	DeletionPolicy types.String `tfsdk:"deletion_policy"`
}

func (m projectMemberModel) object() string {
	return fmt.Sprintf("member %s of %s", m.Email.ValueString(), fullProject(m.Project.ValueString()))
}

func (m projectMemberModel) membership() membership {
	return membership{noun: "DT project membership", object: m.object(), email: m.Email, accountType: m.AccountType, policy: m.DeletionPolicy}
}

// reduces tells how a plan takes from the member what it may do, and by which attribute; "" if it does not.
func (m projectMemberModel) reduces(state projectMemberModel) (operation string, attribute path.Path) {
	switch {
	case !m.Project.Equal(state.Project):
		return "replace", path.Root("project")
	case !m.Email.Equal(state.Email):
		return "replace", path.Root("email")
	case lowers(state.Role, m.Role):
		return "lower the role of", path.Root("role")
	}
	return "", path.Empty()
}

// projectMemberState maps what the server tells. Project and e-mail are spelled as they were.
func projectMemberState(member *dtapi.Member, prior projectMemberModel) projectMemberModel {
	return projectMemberModel{
		Project:        spelledAs(prior.Project, parentOf(member.Name), fullProject),
		Email:          spelledAs(prior.Email, member.Email, strings.ToLower),
		Role:           oneRole(member.Roles),
		MemberID:       types.StringValue(lastSegment(member.Name)),
		Name:           types.StringValue(member.Name),
		AccountType:    service.TextOrNull(member.AccountType),
		DeletionPolicy: prior.DeletionPolicy,
	}
}

func (r *projectMemberResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_dt_project_member"
}

func (r *projectMemberResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	keep := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	resp.Schema = schema.Schema{
		MarkdownDescription: "A service account or a user who has a role in a DT Studio project. Service accounts of any project can be members of any other. " +
			"The role is changed in place. Destroying it ends the membership; the account or user stays. A user who is unknown to DT Studio is invited by mail.",
		Attributes: map[string]schema.Attribute{
			"project": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "The project, as `projects/<id>` or `<id>`. A change replaces the membership.",
				Validators:          projectValidators(),
				PlanModifiers:       []planmodifier.String{sameSpelling(fullProject), stringplanmodifier.RequiresReplace()},
			},
			"email": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "E-mail address of the service account (its attribute `email`) or of the user. Upper and lower case mean the same. A change replaces the membership.",
				Validators:          emailValidators(),
				PlanModifiers:       []planmodifier.String{sameSpelling(strings.ToLower), stringplanmodifier.RequiresReplace()},
			},
			"role": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "The role: `roles/project.user`, `roles/project.developer`, `roles/project.admin`, or another project role that the server has; " +
					"the data source `machineid_dt_roles` lists them with their permissions.",
				Validators: []validator.String{stringvalidator.RegexMatches(projectRole, "must be a project role, such as roles/project.user")},
			},
			"member_id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Id of the member: for a service account, that of the account.",
				PlanModifiers:       keep,
			},
			"name": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Full resource name, `projects/<project>/members/<member_id>`.",
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

func (r *projectMemberResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = nameIdentitySchema("projects/<project>/members/<member>")
}

// ModifyPlan refuses what would lock out the provider itself.
func (r *projectMemberResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.State.Raw.IsNull() {
		return
	}
	var plan, state projectMemberModel
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

func (r *projectMemberResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan projectMemberModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	studio, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	member, err := studio.createMember(ctx, fullProject(plan.Project.ValueString()), plan.Email.ValueString(), plan.Role.ValueString())
	if err != nil {
		resp.Diagnostics.Append(studio.memberNotCreated(projectMemberNoun, plan.object(), err))
		if member == nil {
			return
		}
	}
	state := projectMemberState(member, plan)
	state.Email, state.Role = plan.Email, plan.Role
	resp.Diagnostics.Append(resp.Identity.Set(ctx, nameIdentity{Name: state.Name})...)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(writeBorn(ctx, resp.Private, member)...)
}

func (r *projectMemberResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state projectMemberModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	// Before the call: an object that vanished must still have its identity in the answer.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, nameIdentity{Name: state.Name})...)
	born, diags := readBorn(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	studio, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	if listed, ok := studio.ListedMember(ctx, state.Name.ValueString()); ok && service.Unchanged(projectMemberState(listed, state), state) {
		studio.Saved()
		return
	}
	member, err := studio.Member(ctx, state.Name.ValueString(), born)
	if dtapi.IsNotFound(err) {
		resp.Diagnostics.Append(service.Vanished(projectMemberNoun, state.object(), err))
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(studio.failure("read", projectMemberNoun, state.object(), err))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, projectMemberState(member, state))...)
}

// Update changes the role, which is all that can change.
func (r *projectMemberResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state projectMemberModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, nameIdentity{Name: state.Name})...)
	born, diags := readBorn(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	studio, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	if operation, attribute := plan.reduces(state); operation != "" {
		resp.Diagnostics.Append(studio.guardMember(ctx, state.membership(), service.AtApply, operation, attribute)...)
		if resp.Diagnostics.HasError() {
			return
		}
	}
	if !plan.Role.Equal(state.Role) {
		if err := studio.UpdateMember(ctx, state.Name.ValueString(), born, plan.Role.ValueString()); err != nil {
			resp.Diagnostics.Append(studio.memberFailure("update", projectMemberNoun, state.object(), err))
			return
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

func (r *projectMemberResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state projectMemberModel
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
		resp.Diagnostics.Append(studio.failure("delete", projectMemberNoun, state.object(), err))
	}
}

func (r *projectMemberResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	identity, diags := importedName(ctx, req, projectMemberName, projectMemberNoun, "projects/<project>/members/<member>")
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("name"), identity.Name)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity)...)
}
