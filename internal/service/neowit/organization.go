package neowit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service"
)

// organizationAttribute is the org_id of every resource. The server never tells an object's organization, so the state
// keeps what it was made or imported with.
func organizationAttribute() schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true,
		Computed: true,
		MarkdownDescription: "The organization: the caller's own, or a child of it. Default at creation: the provider's `org_id`, else the caller's own, which is null here. " +
			"A change replaces the object. If the state has none (imported without), setting it only checks that the object is there.",
		Validators: idValidators(),
	}
}

// planOrganization is the org_id to plan, and whether it replaces the object. What the configuration does not say stays
// as it is: a changed default of the provider concerns new objects only.
func planOrganization(config, state types.String) (planned types.String, replace bool) {
	if config.IsNull() {
		return state, false
	}
	return config, !state.IsNull() && !config.Equal(state)
}

// newOrganization is the org_id of an object that is to be made.
func (t *tenant) newOrganization(config types.String) types.String {
	if config.IsNull() {
		return service.TextOrNull(t.organization)
	}
	return config
}

// planNewOrganization shows in the plan which organization a new object is made in, if that is known by then.
func planNewOrganization(
	ctx context.Context, client func(*diag.Diagnostics) (*tenant, bool), config types.String, resp *resource.ModifyPlanResponse,
) {
	var missing diag.Diagnostics // told by Configure where it matters
	if tenant, ok := client(&missing); ok {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("org_id"), tenant.newOrganization(config))...)
	}
}

// isOrganization accepts an organization of an import: none, or an id.
func isOrganization(organization types.String) bool {
	return organization.IsNull() || idPattern.MatchString(organization.ValueString())
}

// organizationName names an organization to the user.
func organizationName(organization types.String) string {
	if organization.IsNull() {
		return "the caller's own organization"
	}
	return "the organization " + organization.ValueString()
}
