package rest

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

// Limiter bounds how many requests a system gets within a window of time, and holds all of them back while the system
// asks for a pause. It is safe for concurrent use, and clients that are given the same one share the limit.
//
// Whether a server counts fixed windows, sliding ones or tokens is rarely documented. So a request takes a slot when it
// is sent and gives it back one window after its answer came, or after it failed: no window of the server, wherever it
// begins, sees more requests than there are slots.
type Limiter struct {
	window time.Duration
	slots  *semaphore.Weighted // first come, first served; nil: no limit

	mu     sync.Mutex
	resume time.Time // nothing is sent before
}

// NewLimiter returns a limiter of so many requests a window. With 0 requests there is no limit, but pauses are kept.
func NewLimiter(requests int, window time.Duration) *Limiter {
	limiter := &Limiter{window: window}
	if requests > 0 {
		limiter.slots = semaphore.NewWeighted(int64(requests))
	}
	return limiter
}

// take waits until a request may be sent, and returns what is to be called when it was answered. Calling that twice
// does no harm.
func (l *Limiter) take(ctx context.Context) (done func(), err error) {
	if l.slots == nil {
		return func() {}, l.waitForResume(ctx)
	}
	if err := l.slots.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	// With the slot in hand, because the pause may begin while a slot is waited for.
	if err := l.waitForResume(ctx); err != nil {
		l.slots.Release(1)
		return nil, err
	}
	return sync.OnceFunc(func() {
		time.AfterFunc(l.window, func() { l.slots.Release(1) })
	}), nil
}

// pause holds all requests back for a while. It never shortens a pause that lasts already.
func (l *Limiter) pause(wait time.Duration) {
	resume := time.Now().Add(wait)
	l.mu.Lock()
	defer l.mu.Unlock()
	if resume.After(l.resume) {
		l.resume = resume
	}
}

func (l *Limiter) waitForResume(ctx context.Context) error {
	// In a loop, because the pause may be prolonged while it is waited for.
	for wait := l.remaining(); wait > 0; wait = l.remaining() {
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-timer.C:
		}
	}
	return nil
}

func (l *Limiter) remaining() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return time.Until(l.resume)
}
