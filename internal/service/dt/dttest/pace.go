package dttest

import (
	"net/http"
	"slices"
	"strconv"
	"time"
)

// The documented rate limit.
const (
	rateRequests = 25
	rateWindow   = 5 * time.Second
)

// admit counts a request against the rate limit, or refuses it.
func (f *Fake) admit() *failure {
	if !f.options.On(optRateLimit) {
		return nil
	}
	now := f.now()
	f.requests = slices.DeleteFunc(f.requests, func(at time.Time) bool { return !within(rateWindow, at, now) })
	if len(f.requests) >= rateRequests {
		wait := rateWindow - now.Sub(slices.MinFunc(f.requests, time.Time.Compare))
		limited := refusal(http.StatusTooManyRequests, "rate limit reached")
		limited.retryAfter = max(1, int((wait+time.Second-1)/time.Second))
		return limited
	}
	f.requests = append(f.requests, now)
	return nil
}

// shown tells whether something can be seen by now. What was there at the start always can.
func (f *Fake) shown(created time.Time, seeded bool) bool {
	delay, delayed := f.options.Number(optVisibilityDelay)
	return seeded || !delayed || f.now().Sub(created) >= time.Duration(delay)*time.Millisecond
}

// claim is asked last before something changes. It refuses if somebody else seems to have changed one of the named
// resources just before, and otherwise remembers the change.
func (f *Fake) claim(names ...string) *failure {
	aborted := refusal(http.StatusConflict, "aborted: concurrent change")
	if left, _ := f.options.Number(optConcurrentChanges); left > 0 {
		f.options.Set(map[string]string{optConcurrentChanges: strconv.Itoa(left - 1)})
		return aborted
	}
	window, on := f.options.Number(optConflict)
	if !on {
		return nil
	}
	now := f.now()
	for _, name := range names {
		if last, known := f.changes[name]; known && within(time.Duration(window)*time.Millisecond, last, now) {
			return aborted
		}
	}
	for _, name := range names {
		f.changes[name] = now
	}
	return nil
}

// within tells whether then is less than window before now. The clock can be set back: what is in the future is not.
func within(window time.Duration, then, now time.Time) bool {
	age := now.Sub(then)
	return age >= 0 && age < window
}
