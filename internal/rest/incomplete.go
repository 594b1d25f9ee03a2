package rest

import (
	"errors"
	"fmt"
	"time"
)

// IncompleteError is an answer that lacks, or garbles, a part that the API promises.
type IncompleteError struct {
	// System is the vendor's name.
	System string
	// Noun and Object tell what the answer is about; the object may be "".
	Noun, Object string
	// Missing is what lacks; "" if a part cannot be read.
	Missing string
	// Cause is why it cannot be read; nil if it is missing.
	Cause error
	// Answered is the request; zero if it is not told.
	Answered Answered
}

// Answered is a request that was answered with a success.
type Answered struct {
	// Method and URL name the exchange; the URL has no query.
	Method, URL string
	// Status is the HTTP status of the answer.
	Status int
	// RequestID is as in [Error].
	RequestID string
	// Date is when the answer was made, by the server's own clock, or by ours if it does not say.
	Date time.Time
}

// Of tells an *IncompleteError which request its answer was to, and returns it. Other errors are returned as they are.
func (a Answered) Of(err error) error {
	var incomplete *IncompleteError
	if errors.As(err, &incomplete) && incomplete.Answered == (Answered{}) {
		incomplete.Answered = a
	}
	return err
}

// Unusable is the error of an answer that does not hold what it is for.
func (a Answered) Unusable(system, problem string) error {
	return &Error{
		System: system, Method: a.Method, URL: a.URL, Status: a.Status, RequestID: a.RequestID, Attempts: 1, Written: true, Cause: errors.New(problem),
	}
}

// Error implements error. It repeats nothing of the answer but what names the object.
func (e *IncompleteError) Error() string {
	about := fmt.Sprintf("the answer of %s about the %s", e.System, e.Noun)
	if e.Object != "" {
		about += fmt.Sprintf(" %q", e.Object)
	}
	if e.Cause != nil {
		return about + " cannot be read as a whole: " + e.Cause.Error()
	}
	return about + " lacks its " + e.Missing
}

// Unwrap gives the cause.
func (e *IncompleteError) Unwrap() error { return e.Cause }
