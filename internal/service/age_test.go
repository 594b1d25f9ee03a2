package service_test

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service"
)

func TestDaysSince(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		moment time.Time
		want   types.Int64
	}{
		"now":                   {now, types.Int64Value(0)},
		"not a whole day":       {now.Add(-24*time.Hour + time.Second), types.Int64Value(0)},
		"a day":                 {now.Add(-24 * time.Hour), types.Int64Value(1)},
		"a year":                {now.AddDate(-1, 0, 0), types.Int64Value(365)},
		"ahead of the clock":    {now.Add(48 * time.Hour), types.Int64Value(0)},
		"in another zone":       {now.Add(-24 * time.Hour).In(time.FixedZone("", 3600)), types.Int64Value(1)},
		"longer than can be":    {time.Date(1, 1, 2, 0, 0, 0, 0, time.UTC), types.Int64Value(106751)},
		"a moment not known of": {time.Time{}, types.Int64Null()},
	} {
		if got := service.DaysSince(test.moment, now); !got.Equal(test.want) {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
	if got := service.IdleSince(now, time.Time{}); !got.Equal(now) {
		t.Errorf("what was never used is idle since %s", got)
	}
}
