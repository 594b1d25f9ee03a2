package dt

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

// label names an object to its user.
func label(displayName, name types.String) string {
	switch {
	case displayName.ValueString() == "" && name.ValueString() == "":
		return "without a display name"
	case displayName.ValueString() == "":
		return name.ValueString()
	case name.ValueString() == "":
		return fmt.Sprintf("%q", displayName.ValueString())
	}
	return fmt.Sprintf("%q (%s)", displayName.ValueString(), name.ValueString())
}
