package dtapi

import (
	"context"
	"errors"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// presence is whether what answers under the base URL was seen to be the API.
type presence struct {
	asking chan struct{} // holds one token: who has it asks, and the others wait for the answer
	seen   bool          // only looked at with the token
}

func newPresence() presence { return presence{asking: make(chan struct{}, 1)} }

// ErrNotVisibleYet tells that an object was not found, and is so young that it may only not be visible everywhere yet.
var ErrNotVisibleYet = errors.New("it may not be visible everywhere yet")

// confirmed returns an error as it is, unless it says that an object, made at a moment as far as that is known, does not
// exist. That is believed only of an object that is not young, and of the API itself: under a wrong address everything is
// missing, and would leave the state, or pass for deleted. Each installation has roles, so they are asked for, once.
func (c *Client) confirmed(ctx context.Context, created time.Time, err error) error {
	if !IsNotFound(err) {
		return err
	}
	if isSettling(err, created) {
		return errors.Join(ErrNotVisibleYet, err)
	}
	select {
	case c.presence.asking <- struct{}{}:
		defer func() { <-c.presence.asking }()
	case <-ctx.Done():
		return &UnconfirmedError{Missing: err, Cause: ctx.Err()}
	}
	if c.presence.seen {
		return err
	}
	roles, rolesErr := c.Roles(ctx)
	answer, refused := rest.AsError(rolesErr)
	switch {
	case rolesErr == nil && len(roles) > 0:
	case refused && IsForbidden(rolesErr) && answer.Code != "": // by the API, in its own words
	default:
		return &UnconfirmedError{Missing: err, Cause: rolesErr}
	}
	c.presence.seen = true
	return err
}

// UnconfirmedError is an object that was said not to exist, by what may not be the API.
type UnconfirmedError struct {
	// Missing is the answer about the object.
	Missing error
	// Cause is why the roles could not be listed; nil if there were none.
	Cause error
}

// Error implements error.
func (e *UnconfirmedError) Error() string {
	if e.Cause == nil {
		return e.Missing.Error() + "; but there are no roles either"
	}
	return e.Missing.Error() + "; but the roles are not found either: " + e.Cause.Error()
}

// Unwrap gives the answer about the object.
func (e *UnconfirmedError) Unwrap() error { return e.Missing }

// WrongAddress tells that what answered is not the API: it has no roles, and nothing that says why.
func (e *UnconfirmedError) WrongAddress() bool {
	_, answered := rest.AsError(e.Cause)
	return e.Cause == nil || IsNoRoute(e.Cause) || IsNotFound(e.Cause) || !answered && !errors.Is(e.Cause, context.Canceled)
}

// AsUnconfirmed finds the *UnconfirmedError in an error's chain.
func AsUnconfirmed(err error) (*UnconfirmedError, bool) {
	var unconfirmed *UnconfirmedError
	ok := errors.As(err, &unconfirmed)
	return unconfirmed, ok
}

// IsUnconfirmed tells that an object was said not to exist, by what may not be the API.
func IsUnconfirmed(err error) bool {
	_, ok := AsUnconfirmed(err)
	return ok
}
