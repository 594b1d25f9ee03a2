// Package credential is the vocabulary that the credentials of all systems share: parts of their schemas, and the pure
// decisions behind them.
package credential

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// RotateWhenChanged is the attribute whose change replaces a credential.
func RotateWhenChanged() schema.MapAttribute {
	return schema.MapAttribute{
		Optional:    true,
		ElementType: types.StringType,
		MarkdownDescription: "Values of your choice; a change to any of them replaces the credential, so that it can be rotated by a merge. " +
			"Adding the map to a credential that has none, or removing it, replaces nothing. A value that is unknown at plan counts as changed.",
	}
}

// RotationRequested tells whether a plan asks for a new credential: two maps that differ in any way do, a map that
// comes or goes does not. What is unknown may differ, and so does.
func RotationRequested(state, plan types.Map) bool {
	if state.IsNull() || plan.IsNull() {
		return false
	}
	return !plan.Equal(state)
}

// isUndecided tells that it depends on values that are not known yet whether a plan asks for a new credential: whatever of the
// maps is known is the same.
func isUndecided(state, plan types.Map) bool {
	if state.IsNull() || plan.IsUnknown() {
		return !state.IsNull()
	}
	before, after, unknown := state.Elements(), plan.Elements(), false
	if len(before) != len(after) {
		return false
	}
	for key, value := range after {
		was, has := before[key]
		if !has || !value.IsUnknown() && !value.Equal(was) {
			return false
		}
		unknown = unknown || value.IsUnknown()
	}
	return unknown
}
