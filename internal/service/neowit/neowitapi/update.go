package neowitapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// UpdateServiceAccount sets all fields of an account. By which method is not documented, so PATCH is tried, then PUT; what
// worked is used for the rest of the run. The account is read back, because an answer to a method that the server takes
// for something else proves nothing. [ErrUnreadable] tells that this was not possible; [ErrNoUpdate] that the server
// knows neither method, and [ErrUnclear] that the account may be missing as well.
func (c *Client) UpdateServiceAccount(ctx context.Context, organization, id string, fields ServiceAccountFields) error {
	c.snapshots.Changed(organization, id)
	if verb := c.knownVerb(); verb != "" {
		if err := c.change(ctx, verb, organization, id, fields); err != nil {
			return err
		}
		return c.verify(ctx, organization, id, fields)
	}
	unclear := false
	for _, verb := range []string{http.MethodPatch, http.MethodPut} {
		err := c.change(ctx, verb, organization, id, fields)
		if isNoRoute(err) {
			// A 404 is also what a missing account is answered with.
			readErr := c.confirm(ctx, organization, id, err)
			if unclear = errors.Is(readErr, ErrUnreadable); readErr != nil && !unclear {
				return readErr
			}
			continue
		}
		if err != nil {
			return err
		}
		c.noteVerb(verb)
		return c.verify(ctx, organization, id, fields)
	}
	if unclear {
		return ErrUnclear
	}
	return ErrNoUpdate
}

// confirm makes sure that a 404 to a change is not about the account.
func (c *Client) confirm(ctx context.Context, organization, id string, err error) error {
	if !IsNotFound(err) {
		return nil
	}
	_, err = c.find(ctx, organization, id)
	return err
}

func (c *Client) change(ctx context.Context, verb, organization, id string, fields ServiceAccountFields) error {
	_, err := rest.Send[any](ctx, c.rest, rest.Request{
		Method: verb, Path: path(id), Query: inOrganization(organization), JSON: fields, Repeatable: true, MayBeEmpty: true,
	})
	return err
}

func (c *Client) verify(ctx context.Context, organization, id string, fields ServiceAccountFields) error {
	found, err := c.ServiceAccount(ctx, organization, id, time.Time{})
	if err != nil {
		return err
	}
	if found.Name != fields.Name || found.EnableBasicAuth != fields.EnableBasicAuth {
		return &UnchangedError{Want: fields, Have: ServiceAccountFields{Name: found.Name, EnableBasicAuth: found.EnableBasicAuth}}
	}
	return nil
}

// UnchangedError is an update that the server accepted and did not carry out.
type UnchangedError struct{ Want, Have ServiceAccountFields }

// Error implements error.
func (e *UnchangedError) Error() string {
	return fmt.Sprintf("the server accepted the change, but a read shows name %q and enable_basic_auth %t in place of %q and %t",
		e.Have.Name, e.Have.EnableBasicAuth, e.Want.Name, e.Want.EnableBasicAuth)
}

func (c *Client) knownVerb() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.verb
}

func (c *Client) noteVerb(verb string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.verb = verb
}
