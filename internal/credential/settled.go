package credential

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Settled tells that a plan has nothing to decide about a credential: the configuration is what the state has, nothing was
// found and nothing is due. It spares the models to be made, because most plans are such.
func Settled(ctx context.Context, req resource.ModifyPlanRequest, refresh Refresh) bool {
	if !req.Plan.Raw.Equal(req.State.Raw) || refresh.Found != "" {
		return false
	}
	var after, due types.String
	diags := req.State.GetAttribute(ctx, path.Root("rotate_after"), &after)
	if diags.HasError() || after.IsNull() {
		return !diags.HasError()
	}
	diags = req.State.GetAttribute(ctx, path.Root("rotation_due_at"), &due)
	return !diags.HasError() && !due.IsNull() && !isDue(due, refresh.At)
}
