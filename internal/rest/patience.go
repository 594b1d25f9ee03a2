package rest

import (
	"context"
	"math/rand/v2"
	"time"
)

// pauses are how long [Patiently] waits before each repeat.
var pauses = []time.Duration{time.Second, 2 * time.Second, 4 * time.Second}

// Patiently repeats a call as long as its failure is one that passes by itself, after 1, 2 and 4 seconds, and up to half
// as much again: those that met once would otherwise meet again.
func Patiently(ctx context.Context, passes func(error) bool, call func() error) error {
	for _, pause := range pauses {
		err := call()
		if err == nil || !passes(err) {
			return err
		}
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

// AnsweredWithin tells that an error was answered so soon after a moment that it may only mean that what happened then is
// not visible everywhere yet. The server's clock counts where it tells, because that is what dates its objects. Nothing is
// soon after the zero moment, which is one that is not known.
func AnsweredWithin(span time.Duration, moment time.Time, err error) bool {
	answered := time.Now()
	if answer, ok := AsError(err); ok && !answer.Date.IsZero() {
		answered = answer.Date
	}
	return !moment.IsZero() && answered.Sub(moment) < span
}
