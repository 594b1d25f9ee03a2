package credential

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

const (
	day = 24 * time.Hour
	// longestPeriod keeps sums with any moment within what can be written.
	longestPeriod = 36500 * day
)

var periodPattern = regexp.MustCompile(`^(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?$`)

// periodForm is how a period is explained to users.
const periodForm = "whole days, hours and minutes, in this order, as in \"90d\", \"1d12h\" or \"30m\"; a day is 24 hours"

// ParsePeriod reads a period of whole days, hours and minutes, as in "90d" or "1d12h". A day is 24 hours.
func ParsePeriod(text string) (time.Duration, error) {
	parts := periodPattern.FindStringSubmatch(text)
	if parts == nil || text == "" {
		return 0, errors.New("want " + periodForm)
	}
	var period time.Duration
	for i, unit := range []time.Duration{day, time.Hour, time.Minute} {
		if part := parts[i+1]; part != "" {
			count, err := strconv.Atoi(part)
			if err != nil {
				return 0, err
			}
			period += time.Duration(count) * unit
		}
	}
	if period <= 0 || period > longestPeriod {
		return 0, fmt.Errorf("want more than nothing and at most %d days", longestPeriod/day)
	}
	return period, nil
}

// PeriodValidator refuses what [ParsePeriod] does.
func PeriodValidator() validator.String { return periodValidator{} }

type periodValidator struct{}

// Description implements validator.Describer.
func (periodValidator) Description(context.Context) string { return "must be " + periodForm }

// MarkdownDescription implements validator.Describer.
func (v periodValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString implements validator.String.
func (periodValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if _, err := ParsePeriod(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid period", fmt.Sprintf("%q is no period: %v.", req.ConfigValue.ValueString(), err))
	}
}

// ShorterThan refuses a period that is not shorter than the one of another attribute beside it, or that has none beside it.
func ShorterThan(attribute string) validator.String { return shorterThan{attribute, true} }

// ShorterThanIfSet is [ShorterThan] for a period that may stand alone.
func ShorterThanIfSet(attribute string) validator.String { return shorterThan{attribute, false} }

type shorterThan struct {
	attribute string
	needed    bool
}

// Description implements validator.Describer.
func (v shorterThan) Description(context.Context) string {
	return "must be shorter than " + v.attribute
}

// MarkdownDescription implements validator.Describer.
func (v shorterThan) MarkdownDescription(context.Context) string {
	return "must be shorter than `" + v.attribute + "`"
}

// ValidateString implements validator.String.
func (v shorterThan) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	var other types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, req.Path.ParentPath().AtName(v.attribute), &other)...)
	if resp.Diagnostics.HasError() || other.IsUnknown() || other.IsNull() && !v.needed {
		return
	}
	if other.IsNull() {
		resp.Diagnostics.AddAttributeError(req.Path, "Missing period",
			fmt.Sprintf("%s says nothing without %s. Set both, or neither.", lastStep(req.Path), v.attribute))
		return
	}
	short, err := ParsePeriod(req.ConfigValue.ValueString())
	long, otherErr := ParsePeriod(other.ValueString())
	if err != nil || otherErr != nil {
		return // told by the validator of the form
	}
	if short >= long {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid period", fmt.Sprintf("%s (%s) must be shorter than %s (%s).",
			lastStep(req.Path), req.ConfigValue.ValueString(), v.attribute, other.ValueString()))
	}
}

func lastStep(at path.Path) string {
	steps := at.Steps()
	if len(steps) == 0 {
		return "it"
	}
	return steps[len(steps)-1].String()
}
