package listing

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/credential"
)

// Age is the part of a list's configuration that chooses by age. Embed it.
type Age struct {
	OlderThan types.String `tfsdk:"older_than"`
}

// OlderThan is the attribute of [Age]. It says of what the moment of creation is not known.
func OlderThan() schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true,
		MarkdownDescription: "Only what was made longer ago than this period, by the system's clock, written as in `\"90d\"`, `\"1d12h\"` or `\"30m\"`. " +
			"What the system does not tell the age of is left out then.",
		Validators: []validator.String{credential.PeriodValidator()},
	}
}

// IsOldEnough tells whether something made at that moment is chosen; the zero moment is not known.
func (a Age) IsOldEnough(created, now time.Time) bool { return isLongAgo(a.OlderThan, created, now) }

// Use is the part of a list's configuration that chooses by the last use. Embed it.
type Use struct {
	UnusedFor types.String `tfsdk:"unused_for"`
}

// UnusedFor is the attribute of [Use].
func UnusedFor() schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true,
		MarkdownDescription: "Only what was last used longer ago than this period, by the system's clock, or was made longer ago and never used. Written as `older_than` is. " +
			"What the system tells neither of is left out then.",
		Validators: []validator.String{credential.PeriodValidator()},
	}
}

// IsIdleEnough tells whether something last used at that moment is chosen; see service.IdleSince.
func (u Use) IsIdleEnough(idleSince, now time.Time) bool {
	return isLongAgo(u.UnusedFor, idleSince, now)
}

func isLongAgo(period types.String, moment, now time.Time) bool {
	if period.IsNull() {
		return true
	}
	least, err := credential.ParsePeriod(period.ValueString())
	return err == nil && !moment.IsZero() && now.Sub(moment) > least
}

// IsNamed tells whether a name is the one that a list's configuration asks for, to the letter; null asks for any.
func IsNamed(wanted types.String, name string) bool {
	return wanted.IsNull() || wanted.ValueString() == name
}
