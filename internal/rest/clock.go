package rest

import (
	"net/http"
	"sync"
	"time"
)

// serverClock is a system's clock, as its latest answer told it.
type serverClock struct {
	mu         sync.Mutex
	date, seen time.Time
}

// read notes the date of an answer, if it has one.
func (c *serverClock) read(header http.Header) {
	date, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.date, c.seen = date, time.Now()
}

// ServerNow is the present by the system's own clock, within a second, or by ours as long as it has not told.
func (c *Client) ServerNow() time.Time {
	c.clock.mu.Lock()
	defer c.clock.mu.Unlock()
	if c.clock.date.IsZero() {
		return time.Now()
	}
	return c.clock.date.Add(time.Since(c.clock.seen))
}

// dateOf is when an answer was made, by its own words, or else now.
func dateOf(header http.Header) time.Time {
	if date, err := http.ParseTime(header.Get("Date")); err == nil {
		return date
	}
	return time.Now()
}
