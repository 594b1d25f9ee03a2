package rest

import (
	"errors"
	"net/http"
	"time"
)

// LoginError is a login that failed: the request that needed it was not sent. A [TokenSource] makes it of the error of
// its fetch, so that nobody takes the refusal of a login for that of a request.
type LoginError struct {
	// Cause is the failure.
	Cause error
	// Ahead is how far this machine's clock is ahead of the server's, by the date of its answer; negative if it is
	// behind, and 0 if that is not known. The date counts whole seconds.
	Ahead time.Duration
}

// Error implements error.
func (e *LoginError) Error() string { return "logging in: " + e.Cause.Error() }

// Unwrap gives the failure.
func (e *LoginError) Unwrap() error { return e.Cause }

// AsLogin finds the *LoginError in an error's chain.
func AsLogin(err error) (*LoginError, bool) {
	var login *LoginError
	ok := errors.As(err, &login)
	return login, ok
}

// IsLogin tells that the login failed rather than the request itself.
func IsLogin(err error) bool {
	_, ok := AsLogin(err)
	return ok
}

func loginFailed(err error, now time.Time) *LoginError {
	failed := &LoginError{Cause: err}
	if answer, ok := AsError(err); ok && !answer.Date.IsZero() {
		failed.Ahead = now.Sub(answer.Date).Truncate(time.Second)
	}
	return failed
}

// LoginVerdict reads the outcome of a login that is only to find out whether a credential is accepted. A refusal counts if
// the system itself gave it, and if this machine's clock is right enough to log in at all; anything else is an error.
func LoginVerdict(err error) (accepted bool, _ error) {
	answer, answered := AsError(err)
	refused := HasStatus(err, http.StatusBadRequest) || HasStatus(err, http.StatusUnauthorized)
	switch {
	case err == nil:
		return true, nil
	case !answered || !refused || answer.Page:
		return false, err
	}
	failed := loginFailed(err, time.Now())
	if _, skewed := ClockSkew(failed); skewed {
		return false, failed
	}
	return false, nil
}
