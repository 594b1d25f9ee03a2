package service

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// movesDaily warns of a plan that is never empty.
const movesDaily = " Compare it with a limit: an output or an argument that holds the number itself changes each day, and with it each plan."

// AgeDays is the attribute of a data source that holds [DaysSince] the creation of an object.
func AgeDays() schema.Int64Attribute {
	return schema.Int64Attribute{
		Computed:            true,
		MarkdownDescription: "Whole days since the creation, by the system's clock. Null if the system does not tell when that was." + movesDaily,
	}
}

// UnusedDays is the attribute of a data source that holds [DaysSince] what [IdleSince] tells.
func UnusedDays() schema.Int64Attribute {
	return schema.Int64Attribute{
		Computed:            true,
		MarkdownDescription: "Whole days since the latest use, or since the creation if it was never used, by the system's clock. Null if the system does not tell." + movesDaily,
	}
}

// DaysSince counts the whole days from a moment until now; null for the zero moment, which is not known. What lies ahead is
// of today: a system has several clocks.
func DaysSince(moment, now time.Time) types.Int64 {
	if moment.IsZero() {
		return types.Int64Null()
	}
	return types.Int64Value(int64(max(0, now.Sub(moment)) / (24 * time.Hour)))
}

// IdleSince is when a credential was last used, or made if it never was: zero if neither is known.
func IdleSince(created, lastUse time.Time) time.Time {
	if lastUse.IsZero() {
		return created
	}
	return lastUse
}
