package outcome

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// UnresolvedError is a creation whose answer was lost.
type UnresolvedError struct {
	// Cause is what happened to the request.
	Cause error
	// Place is where the object was to be made.
	Place string
	// From and Until bound when it was made, if it was, by the server's clock.
	From, Until time.Time
	// Taken is the id of the object that can only be the lost one; "" if there is none.
	Taken string
	// Candidates are objects of which any may be the lost one. None was touched.
	Candidates []Object
	// Lost is how many creations were lost there, this one included.
	Lost int
	// OnlyList tells that nothing may be taken for a lost object.
	OnlyList bool
	// Stateless tells the same of an object that would be in no state.
	Stateless bool
	// Doubtful tells that it is not known of all candidates when they were made, or that some seem to be made later than
	// now.
	Doubtful bool
	// Foreign tells that the system did not answer a repeat with the only candidate, as it should with what is ours.
	Foreign bool
	// Repeated tells that the creation was sent twice.
	Repeated bool
	// LookErr is why the latest look failed; nil if it did not.
	LookErr error

	taken Object
}

// Error implements error.
func (e *UnresolvedError) Error() string { return e.Cause.Error() }

// Unwrap gives what happened to the request.
func (e *UnresolvedError) Unwrap() error { return e.Cause }

// IsUnresolved tells that an error is about a creation whose answer was lost, whatever else it looks like.
func IsUnresolved(err error) bool {
	var unresolved *UnresolvedError
	return errors.As(err, &unresolved)
}

// TakenAt is when the object was made that can only be the lost one; zero if there is none, or the list did not tell.
func TakenAt(err error) time.Time {
	var unresolved *UnresolvedError
	if errors.As(err, &unresolved) {
		return unresolved.taken.Created
	}
	return time.Time{}
}

// nothingThere tells that the place was looked into, and that what was lost is not there.
func (e *UnresolvedError) nothingThere() bool {
	return e.LookErr == nil && e.Taken == "" && len(e.Candidates) == 0
}

// Report tells what became of the object, and what is to be done about it.
func (e *UnresolvedError) Report() string {
	switch {
	case e.Stateless:
		return e.reportStateless()
	case e.Taken != "":
		return fmt.Sprintf("The answer to the creation was lost, so %s was looked into: %s was made there just then. It is in the state without its secret or anything else, "+
			"and the next apply replaces it.", e.Place, e.Taken)
	case e.LookErr != nil:
		return fmt.Sprintf("No usable answer came back, so it is not known whether it was made, and %s could not be looked into: %s. Look there before the next apply: what was "+
			"made%s without being in the state must be imported or deleted.", e.Place, e.LookErr, e.when())
	case len(e.Candidates) > 0 && e.OnlyList:
		return fmt.Sprintf("No usable answer came back, and unknown_outcome is \"stop\", so nothing was taken for it. In %s, these were made%s:\n\n%s\n\n"+
			"Import or delete the one that is yours before the next apply.", e.Place, e.when(), list(e.Candidates))
	case e.Foreign:
		return fmt.Sprintf("No usable answer came back. In %s, something of that name was made%s, and the system did not answer a repeat of our request with it. So it is somebody else's, "+
			"or the system does not recognize repeats. It was not touched:\n\n%s\n\nImport it, delete it, or choose another name.", e.Place, e.when(), list(e.Candidates))
	case len(e.Candidates) > 0 && e.Doubtful:
		return fmt.Sprintf("No usable answer came back. In %s, any of these may have been made%s, for the system does not tell of all when, so nothing was touched:\n\n%s\n\n"+
			"Import or delete what is yours before the next apply.", e.Place, e.when(), list(e.Candidates))
	case len(e.Candidates) > 0:
		return fmt.Sprintf("No usable answer came back. In %s, more was made%s than the %d that this run has lost, so nothing was touched:\n\n%s\n\n"+
			"Import or delete what is yours before the next apply.", e.Place, e.when(), e.Lost, list(e.Candidates))
	case e.Repeated:
		return fmt.Sprintf("The request was sent twice, no usable answer came back, and nothing was found in %s. If something appears there that was made%s, import or delete it.",
			e.Place, e.when())
	}
	return fmt.Sprintf("No usable answer came back, and nothing was found in %s. If something appears there that was made%s, import or delete it.", e.Place, e.when())
}

// reportStateless is [UnresolvedError.Report] where the next apply knows nothing of what was lost.
func (e *UnresolvedError) reportStateless() string {
	switch {
	case e.LookErr != nil:
		return fmt.Sprintf("No usable answer came back, so it is not known whether it was made, and %s could not be looked into: %s. Look there: nothing else will revoke what was made%s.",
			e.Place, e.LookErr, e.when())
	case len(e.Candidates) > 0:
		return fmt.Sprintf("No usable answer came back. In %s, these were made%s, and one of them may be the lost one. It is in no state, so none was touched, and nothing will revoke it:\n\n%s\n\n"+
			"Delete the one that nobody else has made.", e.Place, e.when(), e.listWithAges())
	}
	return fmt.Sprintf("No usable answer came back, and nothing was found in %s. If something appears there that was made%s, delete it.", e.Place, e.when())
}

// listWithAges tells of the candidates how old they are, as far as that is known.
func (e *UnresolvedError) listWithAges() string {
	lines := make([]string, len(e.Candidates))
	for i, object := range e.Candidates {
		lines[i] = told(object)
		if !object.Created.IsZero() {
			lines[i] += fmt.Sprintf(", %s ago", max(0, e.Until.Add(-tolerance).Sub(object.Created)).Round(time.Second))
		}
	}
	return strings.Join(lines, "\n")
}

func (e *UnresolvedError) when() string {
	if e.From.IsZero() {
		return ""
	}
	return fmt.Sprintf(" between %s and %s", e.From.UTC().Format(time.RFC3339), e.Until.UTC().Format(time.RFC3339))
}

func list(objects []Object) string {
	lines := make([]string, len(objects))
	for i, object := range objects {
		lines[i] = told(object)
	}
	return strings.Join(lines, "\n")
}

func told(object Object) string {
	when := "at an unknown time"
	if !object.Created.IsZero() {
		when = "at " + object.Created.UTC().Format(time.RFC3339)
	}
	return fmt.Sprintf("- %s, made %s", object.ID, when)
}
