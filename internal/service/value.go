package service

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

// TextOrNull is null for a text that an answer left out, or left empty.
func TextOrNull(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}

// TimeValue writes a moment as users read it, in RFC 3339 and UTC; null for the zero moment, which is not known.
func TimeValue(moment time.Time) types.String {
	if moment.IsZero() {
		return types.StringNull()
	}
	return types.StringValue(moment.UTC().Format(time.RFC3339Nano))
}

// Time reads what [TimeValue] wrote; zero if it is not known.
func Time(value types.String) time.Time {
	moment, err := time.Parse(time.RFC3339Nano, value.ValueString())
	if err != nil {
		return time.Time{}
	}
	return moment
}
