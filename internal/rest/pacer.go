package rest

import (
	"fmt"
	"net/http"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// noticeableWait is from when on a wait for the limiter is worth a line in the log. The shortest pause that a server can
// ask for is a second.
const noticeableWait = 500 * time.Millisecond

// pacer keeps one client to its limiter. It admits a request before each attempt, and is the innermost layer of the
// transport, where it sees the answer.
type pacer struct {
	system  string
	secrets *Secrets
	limiter *Limiter
	next    http.RoundTripper
}

// admit waits until the limiter lets a request pass. It stands outside of RoundTrip, which the timeout of one exchange
// covers: a long queue is no slow server.
func (p *pacer) admit(request *http.Request) error {
	ctx := request.Context()
	exchange := exchangeOf(ctx)
	// The previous attempt may have failed before it reached the transport.
	exchange.answered()

	patience := ctx
	if !exchange.unsure && !exchange.mayHaveActed() {
		// What was never sent, or turned away, has made nothing that would have to be brought back.
		interrupted, cancel := asInterrupted(ctx)
		defer cancel()
		patience = interrupted
	}
	start := time.Now()
	answered, err := p.limiter.take(patience)
	if waited := time.Since(start); waited >= noticeableWait {
		tflog.Debug(ctx, "request waited for the rate limit", map[string]any{
			"system":    p.system,
			"method":    request.Method,
			"path":      p.secrets.Scrub(request.URL.Path),
			"waited_ms": waited.Milliseconds(),
		})
	}
	if err != nil {
		return fmt.Errorf("interrupted while waiting for the rate limit: %w", err)
	}
	exchange.answered = answered
	return nil
}

// RoundTrip implements [http.RoundTripper].
func (p *pacer) RoundTrip(request *http.Request) (*http.Response, error) {
	defer exchangeOf(request.Context()).answered()
	response, err := p.next.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	p.heed(response)
	return response, nil
}

// heed pauses the limiter if the server asks for it. A 503 asks as a 429 does: it tells of the whole service, not of
// one request (RFC 9110, section 15.6.4). A wait that is too long for a retry is too long for everybody else, too: it
// is reported to whoever meets it.
func (p *pacer) heed(response *http.Response) {
	if response.StatusCode != http.StatusTooManyRequests && response.StatusCode != http.StatusServiceUnavailable {
		p.limiter.answered()
		return
	}
	if wait := retryAfter(response.Header, time.Now()); wait <= maxRetryAfter {
		p.limiter.pause(wait)
	}
}
