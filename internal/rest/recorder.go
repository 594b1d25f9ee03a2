package rest

import (
	"net/http"
	"net/http/httptrace"
	"time"

	"github.com/google/uuid"
	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// recorder is the transport's outer layer. It keeps the record that the retry policy reads, and writes one debug line
// an exchange: method, path, status, time. Headers, queries and bodies are never logged, so no secret can be.
type recorder struct {
	system   string
	idHeader string // see [Config.RequestIDHeader]
	clock    *serverClock
	next     http.RoundTripper
}

// RoundTrip implements [http.RoundTripper].
func (r *recorder) RoundTrip(request *http.Request) (*http.Response, error) {
	ctx := request.Context()
	exchange := exchangeOf(ctx)
	exchange.begin()
	writes := exchange.writes
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { writes.Add(1) }})

	outgoing := request.WithContext(traced)
	if r.idHeader != "" {
		// An attempt is a request of its own, to the server and to its support.
		exchange.id = uuid.NewString()
		outgoing = request.Clone(traced)
		outgoing.Header.Set(r.idHeader, exchange.id)
	}

	start := time.Now()
	response, err := r.next.RoundTrip(outgoing)
	// The transport itself sends a request again if its connection turns out to be dead and it has an Idempotency-Key.
	exchange.attempts += max(int(writes.Load())-1, 0)
	fields := map[string]any{
		"system":      r.system,
		"method":      request.Method,
		"path":        request.URL.Path,
		"attempt":     exchange.attempts,
		"duration_ms": time.Since(start).Milliseconds(),
	}
	var header http.Header
	if err == nil {
		header = response.Header
		r.clock.read(header)
	}
	if id := exchange.requestID(header); id != "" {
		fields["request_id"] = id
	}
	if err != nil {
		fields["error"] = err.Error()
		tflog.Debug(ctx, "request failed", fields)
		return nil, err
	}
	// A redirect is never followed. One whose address cannot be read would be an error of the exchange, and say less.
	header.Del("Location")
	exchange.status = response.StatusCode
	fields["status"] = response.StatusCode
	tflog.Debug(ctx, "request answered", fields)
	return response, nil
}

// requestID is what a vendor's support can find the latest attempt by, with the headers of its answer, if it had one.
func (e *exchange) requestID(answer http.Header) string {
	if e.id != "" {
		return e.id
	}
	return harmless(answer.Get("X-Request-Id"), maxRequestID)
}
