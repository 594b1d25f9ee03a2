package service_test

import (
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/service"
)

func TestClockOffset(t *testing.T) {
	t.Parallel()
	for want, ahead := range map[string]time.Duration{
		"1h0m0s ahead of": time.Hour, "59m59s behind": -59*time.Minute - 59*time.Second, "0s ahead of": 0,
	} {
		if got := service.ClockOffset(ahead); got != want {
			t.Errorf("%s: %q, want %q", ahead, got, want)
		}
	}
}
