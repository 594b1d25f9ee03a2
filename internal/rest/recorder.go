package rest

import (
	"net/http"
	"net/http/httptrace"
	"time"

	"github.com/google/uuid"
	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// recorder is the transport's outer layer. It keeps the record that the retry policy reads, and writes one debug line
// an exchange: method, path, status, time. Headers, queries and bodies are never logged; what the server can have a say in
// is masked.
type recorder struct {
	system   string
	idHeader string // see [Config.RequestIDHeader]
	secrets  *Secrets
	clock    *serverClock
	tally    *Tally
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

	// Before it leaves, so that nothing that comes back can show it.
	r.secrets.addSent(outgoing)
	start := time.Now()
	response, err := r.next.RoundTrip(outgoing)
	// The transport itself sends a request again if its connection turns out to be dead and it has an Idempotency-Key.
	if again := int(writes.Load()) - 1; again > 0 {
		exchange.attempts += again
		exchange.unsure = true
	}
	fields := map[string]any{
		"system":       r.system,
		"method":       request.Method,
		"path":         r.secrets.Scrub(request.URL.Path),
		"attempt":      exchange.attempts,
		"duration_ms":  time.Since(start).Milliseconds(),
		"sent_so_far":  r.tally.sent.Add(1),
		"saved_so_far": r.tally.saved.Load(),
	}
	var header http.Header
	if err == nil {
		header = response.Header
		r.clock.read(header)
		r.scrubRequestID(header)
	}
	if id := exchange.requestID(header); id != "" {
		fields["request_id"] = id
	}
	if err != nil {
		fields["error"] = r.secrets.ScrubError(err).Error()
		tflog.Debug(ctx, "request failed", fields)
		return nil, err
	}
	// Without its address a redirect is an answer as any other. Following it could carry the credential to another host, and
	// would make a GET of a POST; and an address that cannot be read would be an error that says less.
	header.Del("Location")
	exchange.status = response.StatusCode
	fields["status"] = response.StatusCode
	tflog.Debug(ctx, "request answered", fields)
	return response, nil
}

// scrubRequestID masks what a server may have put into its own id of a request: what it was sent.
func (r *recorder) scrubRequestID(header http.Header) {
	if id := header.Get(serversID); id != "" {
		header.Set(serversID, r.secrets.Scrub(id))
	}
}

// serversID is the header in which servers name a request, unless it has a name already.
const serversID = "X-Request-Id"

// requestID is what a vendor's support can find the latest attempt by, with the headers of its answer, if it had one.
func (e *exchange) requestID(answer http.Header) string {
	if e.id != "" {
		return e.id
	}
	return harmless(answer.Get(serversID), maxRequestID)
}
