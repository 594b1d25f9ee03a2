package dt

import (
	"context"
	"fmt"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// importedName is what an import is asked for, by identity or by id: the full resource name, in the form given.
func importedName(ctx context.Context, req resource.ImportStateRequest, pattern *regexp.Regexp, noun, form string) (nameIdentity, diag.Diagnostics) {
	identity := nameIdentity{Name: types.StringValue(req.ID)}
	var diags diag.Diagnostics
	if req.ID == "" {
		diags.Append(req.Identity.Get(ctx, &identity)...)
	}
	if !diags.HasError() && !pattern.MatchString(identity.Name.ValueString()) {
		diags.AddError("Invalid import id",
			fmt.Sprintf("A %s is imported by its full resource name, %s, not by %q.", noun, form, identity.Name.ValueString()))
	}
	return identity, diags
}
