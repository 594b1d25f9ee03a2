package rest

import (
	"context"
	"math/rand/v2"
	"time"
)

// pauses are how long a call is waited with before each repeat; the last one counts for all that follow.
var pauses = []time.Duration{time.Second, 2 * time.Second, 4 * time.Second}

// mostRepeats bounds [WaitOut] should a clock stand still: more than a minute.
const mostRepeats = 20

// Patiently repeats a call as long as its failure is one that may pass by itself, after 1, 2 and 4 seconds, and up to half
// as much again: those that met once would otherwise meet again.
func Patiently(ctx context.Context, passes func(error) bool, call func() error) error {
	return repeat(ctx, len(pauses), passes, call)
}

// WaitOut repeats a call as long as its failure is one that time will decide, at the same pace and then every 4 seconds.
func WaitOut(ctx context.Context, passes func(error) bool, call func() error) error {
	return repeat(ctx, mostRepeats, passes, call)
}

func repeat(ctx context.Context, repeats int, passes func(error) bool, call func() error) error {
	for i := range repeats {
		err := call()
		if err == nil || !passes(err) {
			return err
		}
		pause := pauses[min(i, len(pauses)-1)]
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
