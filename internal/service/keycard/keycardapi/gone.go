package keycardapi

import (
	"context"
	"errors"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// ErrGone tells that an object does not exist: what it would be listed with does.
var ErrGone = errors.New("it does not exist")

// ErrAccountGone tells of a credential that its whole service account does not exist.
var ErrAccountGone = errors.New("its service account does not exist")

// ErrUnproven tells that an object was not found, and neither was the organization that it would be in. Then nothing is
// known about it: the address may be wrong, or the organization not the caller's.
var ErrUnproven = errors.New("neither is its organization")

// ErrNotVisibleYet tells that an object, or what it belongs to, was not found, and is so young that it may only not be
// visible everywhere yet.
var ErrNotVisibleYet = errors.New("it may not be visible everywhere yet")

// IsGone tells that an object does not exist.
func IsGone(err error) bool { return errors.Is(err, ErrGone) }

// IsAccountGone tells of a credential that its whole service account does not exist.
func IsAccountGone(err error) bool { return errors.Is(err, ErrAccountGone) }

// confirmedAccount returns an error as it is, unless it is a 404 about a service account, made at a moment as far as that is
// known. That is believed only if the account is not young, and the organization shows its service accounts: under a wrong
// address, and in a foreign organization, everything is missing.
func (c *Client) confirmedAccount(ctx context.Context, organization string, created time.Time, err error) error {
	if !IsNotFound(err) {
		return err
	}
	if invisibleYet(created)(err) {
		return errors.Join(ErrNotVisibleYet, err)
	}
	switch listErr := c.shows(ctx, accountPath(organization)); {
	case listErr == nil:
		return errors.Join(ErrGone, err)
	case IsNotFound(listErr):
		return errors.Join(ErrUnproven, err)
	default:
		return listErr
	}
}

// confirmedCredential does the same for a credential, which may be missing with its whole account.
func (c *Client) confirmedCredential(ctx context.Context, organization, account string, created time.Time, err error) error {
	if !IsNotFound(err) {
		return err
	}
	if invisibleYet(created)(err) {
		return errors.Join(ErrNotVisibleYet, err)
	}
	switch listErr := c.shows(ctx, credentialPath(organization, account)); {
	case listErr == nil:
		return errors.Join(ErrGone, err)
	case !IsNotFound(listErr):
		return listErr
	}
	if err := c.confirmedAccount(ctx, organization, created, err); !IsGone(err) {
		return err
	}
	return errors.Join(ErrGone, ErrAccountGone, err)
}

// shows asks whether there is a collection: the answer must be a list. One that was there is not asked for again.
func (c *Client) shows(ctx context.Context, path []string) error {
	collection := place(path)
	if _, known := c.shown.Load(collection); known {
		return nil
	}
	var answered rest.Answered
	found, err := get[page[struct{}]](ctx, c, path, firstOf(1), &answered)
	if err != nil {
		return err
	}
	if err := found.complete("list of " + path[len(path)-1]); err != nil {
		return answered.Of(err)
	}
	c.shown.Store(collection, struct{}{})
	return nil
}
