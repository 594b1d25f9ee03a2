package credential

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// proofTime is how long a new secret may take to be accepted everywhere.
const proofTime = 10 * time.Second

// errNotAccepted tells that a system refused a new secret to the end.
var errNotAccepted = errors.New("the system does not accept it")

// Prove logs in with a new secret until it is accepted, for at most ten seconds.
func Prove(outer context.Context, verify func(context.Context) (accepted bool, err error)) error {
	ctx, cancel := context.WithTimeout(outer, proofTime)
	defer cancel()
	cause := errors.New("there was no answer in time")
	for wait := 250 * time.Millisecond; ; wait *= 2 {
		accepted, err := verify(ctx)
		switch {
		case err == nil && accepted:
			return nil
		case err != nil && ctx.Err() == nil:
			cause = err
		case err == nil:
			cause = errNotAccepted
		}
		select {
		case <-outer.Done():
			return fmt.Errorf("it has not logged in yet: %w", outer.Err())
		case <-ctx.Done():
			return fmt.Errorf("it could not log in: %w", cause)
		case <-time.After(wait):
		}
	}
}

// errAccepted tells that a credential was refused when the plan was made, and is not any more.
var errAccepted = errors.New("the system accepts it again")

// StillRefused logs in with a secret that a refresh found refused, and fails unless it is refused still: nothing that somebody
// uses may end for what was an outage.
func StillRefused(ctx context.Context, verify func(context.Context) (accepted bool, err error)) error {
	accepted, err := verify(ctx)
	if accepted {
		return errAccepted
	}
	return err
}
