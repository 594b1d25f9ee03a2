package dtapi

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// pauses are how long to wait before a call is repeated whose failure passes by itself. The docs ask for a second at
// least, and for more each time (contract: delayed visibility).
var pauses = []time.Duration{time.Second, 2 * time.Second, 4 * time.Second}

// settling is how long a new object may be invisible.
const settling = 30 * time.Second

// patiently repeats a call as long as its failure is one that passes by itself.
func patiently(ctx context.Context, passes func(error) bool, call func() error) error {
	for _, pause := range pauses {
		err := call()
		if err == nil || !passes(err) {
			return err
		}
		// Spread, because those that met once would meet again.
		timer := time.NewTimer(pause + rand.N(pause/2)) //nolint:gosec // spreading load needs no unpredictable numbers
		select {
		case <-ctx.Done():
			timer.Stop()
			return err
		case <-timer.C:
		}
	}
	return call()
}

// either tells failures that pass by one of two reasons.
func either(first, second func(error) bool) func(error) bool {
	return func(err error) bool { return first(err) || second(err) }
}

// invisibleYet tells a 404 that may only mean that an object made at that moment is not visible everywhere. The zero
// moment is that of an object of unknown age, whose 404 is believed.
func invisibleYet(created time.Time) func(error) bool {
	return func(err error) bool {
		return IsNotFound(err) && !created.IsZero() && serverTime(err).Sub(created) < settling
	}
}

// serverTime is when an error was answered, by the server's clock where it told, because that is what dated the object.
func serverTime(err error) time.Time {
	if answer, ok := rest.AsError(err); ok && !answer.Date.IsZero() {
		return answer.Date
	}
	return time.Now()
}
