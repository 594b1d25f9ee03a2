package rest

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Error is the one error of this package's exchanges.
type Error struct {
	// System is the vendor's name.
	System string
	// Method and URL name the exchange; the URL has no query.
	Method, URL string
	// Status is the HTTP status of the reply; 0 if there was no reply.
	Status int
	// Code and Message are the vendor's own words, where it has any.
	Code, Message string
	// RequestID is what the vendor's support can find the exchange by: the id that the latest attempt carried, or else the
	// one that the server gave it.
	RequestID string
	// RetryAfter is the wait that the server asked for.
	RetryAfter time.Duration
	// Date is when the reply was made, by the server's own clock; zero if it does not say.
	Date time.Time
	// Attempts counts how often the request was sent.
	Attempts int
	// Written tells whether the latest attempt left this machine and was not turned away with 429, so that the server may
	// have acted on it.
	Written bool
	// Unsure tells that an earlier attempt left this machine and was not answered for good, so that this answer may be
	// about what that one did.
	Unsure bool
	// Page tells that the reply was a web page, which is not the API's own, whatever its status.
	Page bool
	// Cause is the failure of the exchange itself; nil if there was a well-formed reply.
	Cause error
}

// Error implements error. It names the exchange and holds no secret.
func (e *Error) Error() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s %s %s", e.System, e.Method, e.URL)
	if e.Status != 0 {
		fmt.Fprintf(&text, ": status %d %s", e.Status, http.StatusText(e.Status))
	}
	for _, part := range []string{e.Code, e.Message} {
		if part != "" {
			text.WriteString(": " + part)
		}
	}
	if e.Cause != nil {
		text.WriteString(": " + e.Cause.Error())
	}
	return text.String()
}

// Unwrap gives the failure of the exchange itself.
func (e *Error) Unwrap() error { return e.Cause }

// AsError finds the *Error in an error's chain.
func AsError(err error) (*Error, bool) {
	var typed *Error
	ok := errors.As(err, &typed)
	return typed, ok
}

// HasStatus tells whether the error is a reply of that status.
func HasStatus(err error, status int) bool {
	typed, ok := AsError(err)
	return ok && typed.Status == status && typed.Cause == nil
}

// IsUnsure tells an answer that may be about what an earlier attempt of the same request did; see [Error.Unsure].
func IsUnsure(err error) bool {
	answer, ok := AsError(err)
	return ok && answer.Unsure
}

// IsUnknownOutcome tells that a request may have taken effect, although no usable answer came back: it left this machine,
// and then the exchange failed, or the system, or the answer does not name what it is about. A repeat that was refused
// leaves that open, too.
func IsUnknownOutcome(err error) bool {
	var incomplete *IncompleteError
	if errors.As(err, &incomplete) {
		return incomplete.Object == ""
	}
	answer, ok := AsError(err)
	switch {
	case !ok || answer.Method == http.MethodGet:
		return false
	case answer.Unsure:
		// Whatever this answer says, it does not say what became of the attempts before.
		return true
	case IsLogin(err) || !answer.Written:
		return false
	}
	return answer.Cause != nil || answer.Status >= http.StatusInternalServerError
}

// failure makes the error of an exchange. A failure of the authorizer's own exchange is described already, unless it left
// open what became of this one.
func (c *Client) failure(request Request, result reply, cause error) error {
	if _, described := AsError(cause); described && !result.unsure {
		return cause
	}
	failed := &Error{
		System: c.config.System, Method: request.Method, URL: c.address(request),
		RequestID: result.requestID(result.header),
		Status:    result.status, Attempts: result.attempts, Written: result.mayHaveActed(), Unsure: result.unsure,
	}
	if cause != nil {
		failed.Cause = c.config.Secrets.ScrubError(cause)
	}
	if result.header != nil {
		failed.Page = isPage(result.header)
		failed.RetryAfter = retryAfter(result.header, time.Now())
		// A date that cannot be read is no date.
		failed.Date, _ = http.ParseTime(result.header.Get("Date"))
	}
	if cause == nil && result.status >= 300 && result.status <= 399 {
		failed.Message = "the server redirects, which is not followed because it would carry the credential along: configure the final address"
	}
	if cause == nil && c.config.ParseError != nil && result.status >= 400 {
		code, message := c.config.ParseError(result.status, result.body)
		// Scrubbed before it is cut: half a secret would not be recognized.
		failed.Code, failed.Message = harmless(c.config.Secrets.Scrub(code), maxCode), harmless(c.config.Secrets.Scrub(message), maxMessage)
	}
	return failed
}

// address is where a request goes, for a reader: without its query.
func (c *Client) address(request Request) string {
	return printable(c.config.Secrets.Scrub(strings.Join(append([]string{c.config.Endpoint.String()}, request.Path...), "/")))
}

// IsWebPage tells that a page answered where JSON was expected: the address leads to a site or a proxy.
func IsWebPage(err error) bool {
	var unusable *unusableError
	return errors.As(err, &unusable) && unusable.page
}
