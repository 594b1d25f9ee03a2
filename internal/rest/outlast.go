package rest

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// Create sends a request that makes an object, or a secret, by POST unless it names another method. An interrupt does not
// cut it: the answer may hold the only copy of a secret, so it is awaited for [createGrace]. For the same reason it is
// returned as it is, for the caller to read id and secret on their own: nothing else in it can then keep these from being
// read. Set [Request.Repeatable] only if the system knows a repeat for what it is: a second object would be nobody's.
func Create(ctx context.Context, client *Client, request Request) (json.RawMessage, error) {
	ctx, cancel := Outlast(context.WithValue(ctx, outlastedKey{}, ctx), createGrace)
	defer cancel()
	request.Method = cmp.Or(request.Method, http.MethodPost)
	request.departure, _ = ctx.Value(departureKey{}).(*Departure)
	return Send[json.RawMessage](ctx, client, request)
}

// createGrace is how long the answer to a creation is awaited after an interrupt. Whoever interrupts waits for it.
const createGrace = 3 * time.Second

// Outlast returns a context that lives on for a grace after ctx has ended: an interrupt cancels every context at once, but
// what is under way may have to be brought to an end.
func Outlast(ctx context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	lasting, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })
	return lasting, func() {
		stop()
		cancel()
	}
}

// outlastedKey is the key of the context that a creation outlasts. One that still waits for its [Limiter] is not under way,
// and ends with that.
type outlastedKey struct{}

// asInterrupted returns a context that ends with ctx, and with what ctx outlasts.
func asInterrupted(ctx context.Context) (context.Context, context.CancelFunc) {
	outlasted, ok := ctx.Value(outlastedKey{}).(context.Context)
	if !ok {
		return ctx, func() {}
	}
	interrupted, cancel := context.WithCancel(ctx)
	if outlasted.Err() != nil {
		cancel() // at once: AfterFunc would take its time
	}
	stop := context.AfterFunc(outlasted, cancel)
	return interrupted, func() {
		stop()
		cancel()
	}
}
