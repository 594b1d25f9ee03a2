package dt

import (
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

// timeValue writes a moment as users read it.
func timeValue(moment time.Time) types.String {
	if moment.IsZero() {
		return types.StringNull()
	}
	return types.StringValue(moment.UTC().Format(time.RFC3339Nano))
}

// moment reads what timeValue wrote; zero if it is not known.
func moment(value types.String) time.Time {
	parsed, err := time.Parse(time.RFC3339Nano, value.ValueString())
	if err != nil {
		return time.Time{}
	}
	return parsed
}

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

// textOrNull is null for what an answer left out.
func textOrNull(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}
