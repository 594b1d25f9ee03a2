package keycard

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

const organizationNoun = "Keycard organization"

// organizationAttribute is the organization_id of every resource. No answer tells an object's organization, so the state
// keeps what it was made or imported with.
func organizationAttribute() schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true,
		Computed: true,
		MarkdownDescription: "The organization, by id or label. Default at creation: the provider's `organization_id`, else the one that the credential belongs to. " +
			"Another organization replaces the object, and so does a value that is unknown at plan; another spelling of the same one does not.",
		Validators: idValidators(),
	}
}

// planOrganization is the organization_id to plan for an object that exists, and whether it replaces the object. What the
// configuration does not say stays as it is: a changed default of the provider concerns new objects only. The state's
// spelling stays if the configuration means the same.
func planOrganization(
	ctx context.Context, client func(*diag.Diagnostics) (*console, bool), config, state types.String,
) (planned types.String, replace bool, diags diag.Diagnostics) {
	if config.IsNull() || config.Equal(state) {
		return state, false, diags
	}
	if config.IsUnknown() {
		return config, true, diags
	}
	console, ok := client(&diags)
	if !ok {
		return config, false, diags
	}
	same, diags := console.isSameOrganization(ctx, config.ValueString(), state)
	if same {
		return state, false, diags
	}
	return config, true, diags
}

// isSameOrganization tells whether an id or label, "" for the caller's own organization, means the one in the state.
func (c *console) isSameOrganization(ctx context.Context, idOrLabel string, state types.String) (bool, diag.Diagnostics) {
	if idOrLabel == state.ValueString() {
		return true, nil
	}
	found, err := c.ResolveOrganization(ctx, idOrLabel)
	if err != nil {
		return false, diag.Diagnostics{diag.WithPath(path.Root("organization_id"), c.organizationNotFound(idOrLabel, err))}
	}
	return found.IsNamed(state.ValueString()), nil
}

// planNewOrganization shows in the plan which organization a new object is made in, if that is known by then.
func planNewOrganization(
	ctx context.Context, client func(*diag.Diagnostics) (*console, bool), config types.String, resp *resource.ModifyPlanResponse,
) {
	var undecided diag.Diagnostics // told by Configure where it matters
	if console, ok := client(&undecided); ok && config.IsNull() && console.organization != "" {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("organization_id"), console.organization)...)
	}
}

// chosenOrganization is the organization that something is made or looked up in: what is said, else the provider's
// default, else the caller's own.
func (c *console) chosenOrganization(ctx context.Context, said types.String) (types.String, diag.Diagnostics) {
	if !said.IsNull() && !said.IsUnknown() {
		return said, nil
	}
	if c.organization != "" {
		return types.StringValue(c.organization), nil
	}
	found, err := c.ResolveOrganization(ctx, "")
	if err != nil {
		return said, diag.Diagnostics{c.organizationNotFound("", err)}
	}
	return types.StringValue(found.ID), nil
}
