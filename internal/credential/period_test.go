package credential_test

import (
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/credential"
)

func TestParsePeriod(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for text, want := range map[string]time.Duration{
		"90d": 90 * day, "1d12h": 36 * time.Hour, "30m": 30 * time.Minute, "2d3h4m": 2*day + 3*time.Hour + 4*time.Minute, "48h": 2 * day,
		"36500d": 36500 * day,
		"":       0, "0d": 0, "0d0h0m": 0, "90": 0, "d": 0, "1.5d": 0, "-1d": 0, "1h1d": 0, "1s": 0, "1w": 0, " 1d": 0, "1d ": 0, "1D": 0,
		"36501d": 0, "9999999d": 0, "1d1d": 0, "１d": 0,
	} {
		period, err := credential.ParsePeriod(text)
		if period != want || (err == nil) != (want > 0) {
			t.Errorf("%q: %s, %v, want %s", text, period, err, want)
		}
	}
}

func TestDueAt(t *testing.T) {
	t.Parallel()
	issued := time.Date(2026, 1, 1, 10, 0, 30, 0, time.UTC)
	const day = 24 * time.Hour
	latest := time.Date(2026, 4, 1, 10, 0, 0, 0, time.UTC)
	if due := credential.DueAt(issued, 90*day, 0, "key"); !due.Equal(latest) {
		t.Errorf("due at %s, want %s", due, latest)
	}
	spread := map[time.Time]bool{}
	for _, id := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		due := credential.DueAt(issued, 90*day, 10*day, id)
		if due.After(latest) || !due.After(latest.Add(-10*day)) || !due.Equal(credential.DueAt(issued, 90*day, 10*day, id)) {
			t.Errorf("%s: due at %s", id, due)
		}
		spread[due] = true
	}
	if len(spread) < 7 {
		t.Errorf("eight credentials are due at %d moments", len(spread))
	}
}
