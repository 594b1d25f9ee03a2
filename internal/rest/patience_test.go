package rest_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

var (
	errPassing = errors.New("not visible yet")
	errLasting = errors.New("forbidden")
)

func passes(err error) bool { return errors.Is(err, errPassing) }

// What passes by itself is waited out for 1, 2 and 4 seconds, each up to half as much again; nothing else is.
func TestPatiently(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		failures []error // of the first calls; the others succeed
		calls    int
		want     error
		waited   time.Duration // at least, and at most half as much again
	}{
		"a success":                      {nil, 1, nil, 0},
		"an error that lasts":            {[]error{errLasting}, 1, errLasting, 0},
		"one that passes":                {[]error{errPassing}, 2, nil, time.Second},
		"one that passes at last":        {[]error{errPassing, errPassing, errPassing}, 4, nil, 7 * time.Second},
		"one that does not pass":         {[]error{errPassing, errPassing, errPassing, errPassing, errPassing}, 4, errPassing, 7 * time.Second},
		"one that becomes another":       {[]error{errPassing, errLasting, errPassing}, 2, errLasting, time.Second},
		"one that returns to be lasting": {[]error{errPassing, errPassing, errLasting}, 3, errLasting, 3 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				calls, start := 0, time.Now()
				err := rest.Patiently(t.Context(), passes, func() error {
					calls++
					if calls <= len(test.failures) {
						return test.failures[calls-1]
					}
					return nil
				})
				waited := time.Since(start)
				if !errors.Is(err, test.want) || calls != test.calls || waited < test.waited || waited > test.waited*3/2 {
					t.Errorf("%d calls in %s, %v; want %d in %s, %v", calls, waited, err, test.calls, test.waited, test.want)
				}
			})
		})
	}
}

// What time decides is waited out until it has, but not for ever.
func TestWaitOut(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		settled time.Duration
		want    error
		calls   int
		atLeast time.Duration
		atMost  time.Duration
	}{
		"at once":       {0, errLasting, 1, 0, 0},
		"after a while": {30 * time.Second, errLasting, 0, 30 * time.Second, 36 * time.Second},
		"never":         {time.Hour, errPassing, 21, 75 * time.Second, 2 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				calls, start := 0, time.Now()
				err := rest.WaitOut(t.Context(), passes, func() error {
					calls++
					if time.Since(start) < test.settled {
						return errPassing
					}
					return errLasting
				})
				took := time.Since(start)
				if !errors.Is(err, test.want) || test.calls > 0 && calls != test.calls || took < test.atLeast || took > test.atMost {
					t.Errorf("%d calls in %s: %v", calls, took, err)
				}
			})
		})
	}
}

// An interrupt ends the wait, and what was waited for is still told.
func TestPatienceEndsWithTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		calls, start := 0, time.Now()
		err := rest.Patiently(ctx, passes, func() error { calls++; return errPassing })
		if !errors.Is(err, errPassing) || calls != 1 || time.Since(start) != 500*time.Millisecond {
			t.Errorf("%d calls in %s, %v", calls, time.Since(start), err)
		}
	})
}

// Objects are dated by the server, so its clock tells how old one was when an error about it was answered.
func TestAnsweredWithin(t *testing.T) {
	t.Parallel()
	date := time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)
	dated := fmt.Errorf("reading: %w", &rest.Error{Date: date})
	for name, test := range map[string]struct {
		moment time.Time
		err    error
		want   bool
	}{
		"soon after":                {date.Add(-4 * time.Second), dated, true},
		"later":                     {date.Add(-5 * time.Second), dated, false},
		"soon after by our clock":   {time.Now(), &rest.Error{}, true},
		"later by our clock":        {date, errors.New("no answer"), false},
		"after an unknown moment":   {time.Time{}, &rest.Error{}, false},
		"dated, after unknown time": {time.Time{}, dated, false},
	} {
		if got := rest.AnsweredWithin(5*time.Second, test.moment, test.err); got != test.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
