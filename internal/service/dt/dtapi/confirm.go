package dtapi

import (
	"context"
	"errors"
	"sync"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// presence is whether what answers under the base URL was seen to be the API.
type presence struct {
	mu   sync.Mutex
	seen bool
}

// confirmed returns an error as it is, unless it says that an object does not exist. That is believed only of the API
// itself: under a wrong address everything is missing, and would leave the state, or pass for deleted. Each installation
// has roles, so they are asked for, once.
func (c *Client) confirmed(ctx context.Context, err error) error {
	if !IsNotFound(err) {
		return err
	}
	c.presence.mu.Lock()
	defer c.presence.mu.Unlock()
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

// IsUnconfirmed tells that an object was said not to exist, by what may not be the API.
func IsUnconfirmed(err error) bool {
	var unconfirmed *UnconfirmedError
	return errors.As(err, &unconfirmed)
}
