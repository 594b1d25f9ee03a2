package rest

import "fmt"

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
