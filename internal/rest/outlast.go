package rest

import (
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// Create sends a request that makes an object. An interrupt does not cut it: the answer may hold the only copy of a
// secret, so it is awaited for as long as one exchange may take. For the same reason it is returned as it is, for the
// caller to read id and secret on their own: nothing else in it can then keep these from being read. Set
// [Request.Repeatable] only if the system knows a repeat for what it is: a second object would be nobody's.
func Create(ctx context.Context, client *Client, request Request) (json.RawMessage, error) {
	ctx, cancel := Outlast(ctx, client.config.Timeout)
	defer cancel()
	request.Method = http.MethodPost
	return Send[json.RawMessage](ctx, client, request)
}

// Outlast returns a context that lives on for a grace after ctx has ended. An interrupt cancels every context at once;
// a create that is under way must still be given the time to bring back the id and secret of what it made. One that
// still waits for its [Limiter] is not under way, and ends with ctx.
func Outlast(ctx context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	lasting, cancel := context.WithCancel(context.WithValue(context.WithoutCancel(ctx), outlastedKey{}, ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })
	return lasting, func() {
		stop()
		cancel()
	}
}

type outlastedKey struct{}

// asInterrupted returns a context that ends with ctx, and with what ctx outlasts.
func asInterrupted(ctx context.Context) (context.Context, context.CancelFunc) {
	outlasted, ok := ctx.Value(outlastedKey{}).(context.Context)
	if !ok {
		return ctx, func() {}
	}
	interrupted, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(outlasted, cancel)
	return interrupted, func() {
		stop()
		cancel()
	}
}
