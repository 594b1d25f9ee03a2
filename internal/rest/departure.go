package rest

import (
	"context"
	"sync"
	"time"
)

// Departure is when a creation left this machine that may have had an effect. It is safe for concurrent use.
type Departure struct {
	mu sync.Mutex
	at time.Time
}

type departureKey struct{}

// WithDeparture returns a context in which [Create] notes when its request left: the first attempt that was not turned
// away. Waits for a token or for the limiter lie before that.
func WithDeparture(ctx context.Context) (context.Context, *Departure) {
	departure := &Departure{}
	return context.WithValue(ctx, departureKey{}, departure), departure
}

// At is that moment by this machine's clock; zero if nothing has left.
func (d *Departure) At() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.at
}

func (d *Departure) note(now time.Time) {
	if d == nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at = now
}
