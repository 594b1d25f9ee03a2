package stage

import (
	"sync"
	"time"
)

// Clock tells every fake the time. Tests move it instead of waiting.
type Clock struct {
	base func() time.Time

	mu     sync.RWMutex
	offset time.Duration
}

// NewClock returns a clock that follows base; nil means the machine's time.
func NewClock(base func() time.Time) *Clock {
	if base == nil {
		base = time.Now
	}
	return &Clock{base: base}
}

// Now is the moved time, in UTC.
func (c *Clock) Now() time.Time {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.base().Add(c.offset).UTC()
}

// Unmoved is the time of the base, in UTC: what the clocks of those tell who are not in the sandbox.
func (c *Clock) Unmoved() time.Time { return c.base().UTC() }

// Move sets how far the clock is ahead of its base; negative values set it back.
func (c *Clock) Move(offset time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset = offset
}
