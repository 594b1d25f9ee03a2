package rest

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

// Limiter bounds how many requests a system gets within a window of time, and holds all of them back while the system
// asks for a pause; after one they follow each other no faster than the system was seen to answer. It is safe for
// concurrent use, and clients that are given the same one share the limit.
//
// Whether a server counts fixed windows, sliding ones or tokens is rarely documented. So a request takes a slot when it
// is sent and gives it back one window after its answer came, or after it failed: no window of the server, wherever it
// begins, sees more requests than there are slots.
type Limiter struct {
	window time.Duration
	slots  *semaphore.Weighted // first come, first served; nil: no limit

	pace *pace

	mu     sync.Mutex
	resume time.Time // nothing is sent before
}

// NewLimiter returns a limiter of so many requests a window. With 0 requests there is no limit, but pauses are kept.
func NewLimiter(requests int, window time.Duration) *Limiter {
	limiter := &Limiter{window: window, pace: newPace()}
	if requests > 0 {
		limiter.slots = semaphore.NewWeighted(int64(requests))
	}
	return limiter
}

// take waits until a request may be sent, and returns what is to be called when it was answered. Calling that twice
// does no harm.
func (l *Limiter) take(ctx context.Context) (done func(), err error) {
	if l.slots == nil {
		return func() {}, l.waitForTurn(ctx)
	}
	if err := l.slots.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	// With the slot in hand, because the pause may begin while a slot is waited for.
	if err := l.waitForTurn(ctx); err != nil {
		l.slots.Release(1)
		return nil, err
	}
	return sync.OnceFunc(func() {
		time.AfterFunc(l.window, func() { l.slots.Release(1) })
	}), nil
}

// pause holds all requests back for a while. It never shortens a pause that lasts already.
func (l *Limiter) pause(wait time.Duration) {
	now := time.Now()
	resume := now.Add(wait)
	l.mu.Lock()
	defer l.mu.Unlock()
	if wait > 0 && !now.Before(l.resume) {
		l.pace.paused(now)
	}
	if resume.After(l.resume) {
		l.resume = resume
	}
}

// answered notes that a request was not turned away.
func (l *Limiter) answered() {
	l.pace.answered(time.Now(), l.remaining() > 0)
}

func (l *Limiter) waitForTurn(ctx context.Context) error {
	// In a loop, because a pause may begin or be prolonged while a turn is waited for.
	for {
		if err := l.waitForResume(ctx); err != nil {
			return err
		}
		if err := l.pace.wait(ctx); err != nil {
			return err
		}
		if l.remaining() <= 0 {
			return ctx.Err()
		}
	}
}

func (l *Limiter) waitForResume(ctx context.Context) error {
	timer := time.NewTimer(l.remaining())
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

func (l *Limiter) remaining() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return time.Until(l.resume)
}
