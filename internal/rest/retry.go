package rest

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

const (
	minRetryWait = 250 * time.Millisecond
	maxRetryWait = 10 * time.Second
	// maxRetryAfter is the longest wait that a server may ask for; beyond it the error is reported at once, with the
	// wait that was asked for.
	maxRetryAfter = time.Minute
)

// exchange is the record of one request through its retries. It travels in the request's context, because the retry
// policy and the transport see nothing else.
type exchange struct {
	repeatable bool
	reading    bool // has no effect that could be lost
	attempts   int
	id         string        // that the latest attempt carried; "" for none
	writes     *atomic.Int32 // of the latest attempt: how often it left, so that the server may have acted on it
	status     int           // of the latest attempt's answer; 0 if there was none
	unsure     bool          // an attempt before the latest left, and was not answered for good
	answered   func()        // tells the limiter that the latest attempt is over
	departure  *Departure
}

func newExchange(request Request) *exchange {
	return &exchange{
		repeatable: request.Repeatable, reading: request.Method == http.MethodGet, writes: new(atomic.Int32), answered: func() {},
		departure: request.departure,
	}
}

// begin notes that another attempt begins.
func (e *exchange) begin() {
	e.unsure = e.unsure || e.mayHaveActed()
	if !e.unsure {
		e.departure.note(time.Now())
	}
	e.attempts++
	// One counter an attempt: the transport may still be writing an attempt that was given up.
	e.writes, e.status = new(atomic.Int32), 0
}

// mayHaveActed tells that the latest attempt left, so that the server may have acted on it. What was turned away has had
// no effect.
func (e *exchange) mayHaveActed() bool {
	return e.writes.Load() > 0 && e.status != http.StatusTooManyRequests
}

type exchangeKey struct{}

func withExchange(ctx context.Context, e *exchange) context.Context {
	return context.WithValue(ctx, exchangeKey{}, e)
}

func exchangeOf(ctx context.Context) *exchange {
	if e, ok := ctx.Value(exchangeKey{}).(*exchange); ok {
		return e
	}
	return newExchange(Request{})
}

var transientStatus = []int{
	http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout,
}

// checkRetry decides whether the latest attempt is worth another one.
func checkRetry(ctx context.Context, response *http.Response, err error) (bool, error) {
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	exchange := exchangeOf(ctx)
	if err != nil {
		// A page in answer to a change may have hidden the API's own answer, which a repeat brings back.
		if isPermanent(err) && (exchange.reading || !IsWebPage(err)) {
			return false, nil
		}
		return exchange.repeatable || exchange.writes.Load() == 0, nil
	}
	if retryAfter(response.Header, time.Now()) > maxRetryAfter {
		return false, nil
	}
	if response.StatusCode == http.StatusTooManyRequests {
		return true, nil
	}
	return exchange.repeatable && slices.Contains(transientStatus, response.StatusCode), nil
}

// isPermanent tells failures that repeat themselves: a certificate does not become valid by asking again.
func isPermanent(err error) bool {
	var unusable *unusableError
	var verification *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var hostname x509.HostnameError
	return errors.As(err, &unusable) || errors.As(err, &verification) || errors.As(err, &authority) || errors.As(err, &hostname)
}

// backoff doubles the wait with each attempt, obeys Retry-After, and adds up to a quarter so that parallel requests
// do not come back together.
func backoff(low, high time.Duration, attempt int, response *http.Response) time.Duration {
	wait := retryablehttp.DefaultBackoff(low, high, attempt, response)
	if wait < low {
		wait = low
	}
	return wait + rand.N(wait/4) //nolint:gosec // spreading load needs no unpredictable numbers
}

// retryAfter reads the wait that a server asks for: seconds or a date (RFC 9110, section 10.2.3).
func retryAfter(header http.Header, now time.Time) time.Duration {
	text := header.Get("Retry-After")
	if text == "" {
		return 0
	}
	if seconds, err := strconv.Atoi(text); err == nil {
		return max(time.Duration(seconds)*time.Second, 0)
	}
	if moment, err := http.ParseTime(text); err == nil {
		return max(moment.Sub(now), 0)
	}
	return 0
}
