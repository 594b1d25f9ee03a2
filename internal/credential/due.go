package credential

import (
	"hash/fnv"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service"
)

// DueAt is when a credential is to be rotated: a period after it was issued, brought forward by less than jitter. How far is
// spread evenly over credentials and always the same for one, because it follows from its id. It is a whole minute.
func DueAt(issued time.Time, period, jitter time.Duration, id string) time.Time {
	due := issued.Add(period)
	if minutes := uint64(max(0, jitter) / time.Minute); minutes > 0 {
		hash := fnv.New64a()
		_, _ = hash.Write([]byte(id))
		due = due.Add(-time.Duration(hash.Sum64()%minutes) * time.Minute) //nolint:gosec // Less than jitter.
	}
	return due.UTC().Truncate(time.Minute)
}

// plannedDue is [DueAt] of configured periods: null without a period, or if it is not known when the credential was issued, and
// unknown as long as one of the periods is.
func plannedDue(issued time.Time, period, jitter types.String, id string) types.String {
	switch {
	case period.IsUnknown() || jitter.IsUnknown():
		return types.StringUnknown()
	case period.IsNull() || issued.IsZero():
		return types.StringNull()
	}
	// Both were validated; a jitter that is not configured is none.
	after, err := ParsePeriod(period.ValueString())
	if err != nil {
		return types.StringNull()
	}
	spread, _ := ParsePeriod(jitter.ValueString())
	return service.TimeValue(DueAt(issued, after, spread, id))
}

// isDue tells whether a moment has come by the time of a refresh. Before the first refresh nothing is due.
func isDue(dueAt types.String, refreshed time.Time) bool {
	moment := service.Time(dueAt)
	return !moment.IsZero() && !refreshed.IsZero() && !moment.After(refreshed)
}

// due tells whether a refresh found a rotation due. One below an owner that is deactivated waits: what it made would be
// refused, too.
func (r Refresh) due(dueAt types.String) bool {
	return r.Found != OwnerDeactivated && isDue(dueAt, r.At)
}
