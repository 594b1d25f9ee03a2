package keycardapi

import (
	"context"
	"errors"
	"strings"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// ErrGone tells that an object does not exist: what it would be listed with does.
var ErrGone = errors.New("it does not exist")

// ErrAccountGone tells of a credential that its whole service account does not exist.
var ErrAccountGone = errors.New("its service account does not exist")

// ErrUnproven tells that an object was not found, and neither was the organization that it would be in. Then nothing is
// known about it: the address may be wrong, or the organization not the caller's.
var ErrUnproven = errors.New("neither is its organization")

// IsGone tells that an object does not exist.
func IsGone(err error) bool { return errors.Is(err, ErrGone) }

// IsAccountGone tells of a credential that its whole service account does not exist.
func IsAccountGone(err error) bool { return errors.Is(err, ErrAccountGone) }

// confirmedAccount returns an error as it is, unless it is a 404 about a service account. That is believed only if the
// organization shows its service accounts: under a wrong address, and in a foreign organization, everything is missing.
func (c *Client) confirmedAccount(ctx context.Context, organization string, err error) error {
	if !IsNotFound(err) {
		return err
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
func (c *Client) confirmedCredential(ctx context.Context, organization, account string, err error) error {
	if !IsNotFound(err) {
		return err
	}
	switch listErr := c.shows(ctx, credentialPath(organization, account)); {
	case listErr == nil:
		return errors.Join(ErrGone, err)
	case !IsNotFound(listErr):
		return listErr
	}
	if err := c.confirmedAccount(ctx, organization, err); !IsGone(err) {
		return err
	}
	return errors.Join(ErrGone, ErrAccountGone, err)
}

// shows asks whether there is a collection: the answer must be a list. One that was there is not asked for again, unless
// an interrupt may have cut short the wait for what is young: then nothing is to be concluded, and the request says so.
func (c *Client) shows(ctx context.Context, path []string) error {
	place := strings.Join(path, "/")
	if _, known := c.shown.Load(place); known && ctx.Err() == nil {
		return nil
	}
	found, err := rest.Get[page[struct{}]](ctx, c.rest, path, firstOf(1))
	if err != nil {
		return err
	}
	if err := found.complete("list of " + path[len(path)-1]); err != nil {
		return err
	}
	c.shown.Store(place, struct{}{})
	return nil
}
