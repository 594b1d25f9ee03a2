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

// AnsweredAt is when an error was answered: by the server's clock where it told, because that is what dates its objects.
func AnsweredAt(err error) time.Time {
	if answer, ok := AsError(err); ok && !answer.Date.IsZero() {
		return answer.Date
	}
	return time.Now()
}
