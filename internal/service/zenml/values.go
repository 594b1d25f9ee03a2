package zenml

import (
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service/zenml/zenmlapi"
)

// label names an object to its user: by name, or by id as long as the name is not known.
func label(name, id types.String) string {
	if name.ValueString() == "" {
		return id.ValueString()
	}
	return fmt.Sprintf("%q", name.ValueString())
}

// timeValue writes a moment as users read it.
func timeValue(moment *zenmlapi.Timestamp) types.String {
	if moment == nil || moment.IsZero() {
		return types.StringNull()
	}
	return types.StringValue(moment.Format(time.RFC3339Nano))
}

// changedString is nil if the plan keeps the value.
func changedString(state, plan types.String) *string {
	if plan.Equal(state) {
		return nil
	}
	return plan.ValueStringPointer()
}

// changedBool is nil if the plan keeps the value.
func changedBool(state, plan types.Bool) *bool {
	if plan.Equal(state) {
		return nil
	}
	return plan.ValueBoolPointer()
}
