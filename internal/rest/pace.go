package rest

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	// paceMeasure is how long before a pause the answers count that tell how much a server allows.
	paceMeasure = time.Second
	// paceMargin is which part of that is then sent.
	paceMargin = 0.9
	// paceGain is by how much each answer raises the rate, in requests a second: the limit may have been raised, or been
	// shared with somebody who is done. Where all that may be sent is sent, the rate doubles in about five seconds.
	paceGain = 0.15
	// paceFree is the rate from which on nothing is held back any more.
	paceFree = 1000
)

// pace is how fast requests may follow each other where nobody told us the system's limit. Nothing is held back until
// the system turns a request away. From then on as many are sent as it has answered before, and slowly more: without
// that, all that wait for the end of a pause would be sent at once, and be turned away again.
type pace struct {
	rate *rate.Limiter

	mu      sync.Mutex
	answers []time.Time // of the latest measure; in a pause, of the measure before it and of the pause
	before  rate.Limit  // the rate when the latest pause began
}

func newPace() *pace {
	return &pace{rate: rate.NewLimiter(rate.Inf, 1)}
}

// wait waits until the next request may be sent.
func (p *pace) wait(ctx context.Context) error {
	return p.rate.Wait(ctx)
}

// paused notes that a pause begins.
func (p *pace) paused(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.forget(now)
	p.before = p.rate.Limit()
	p.slow()
}

// answered notes a request that was not turned away.
func (p *pace) answered(now time.Time, inPause bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !inPause {
		p.forget(now)
	}
	p.answers = append(p.answers, now)
	switch raised := p.rate.Limit() + paceGain; {
	case inPause:
		// It was under way when the pause began, so it belongs to what the system allowed.
		p.slow()
	case raised < paceFree:
		p.rate.SetLimit(raised)
	default:
		p.rate.SetLimit(rate.Inf)
	}
}

// slow sets the rate to what was answered. Without an answer nothing is known: the system may have been down.
func (p *pace) slow() {
	if len(p.answers) > 0 {
		p.rate.SetLimit(min(p.before, rate.Limit(paceMargin*float64(len(p.answers))/paceMeasure.Seconds())))
	}
}

// forget drops the answers that are older than the measure.
func (p *pace) forget(now time.Time) {
	for len(p.answers) > 0 && now.Sub(p.answers[0]) > paceMeasure {
		p.answers = p.answers[1:]
	}
}
