package neowitapi

import (
	"context"
	"errors"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// Key reads a key as [Client.Keys] does. A key that its account does not have is gone.
func (c *Client) Key(ctx context.Context, organization, account, id string, created time.Time) (*Key, error) {
	found, err := c.Keys(ctx, organization, account, map[string]time.Time{id: created})
	if err != nil {
		return nil, err
	}
	key, has := found[id]
	if !has {
		return nil, ErrGone
	}
	return &key, nil
}

// Keys reads keys of an account by reading the account, for keys have no route of their own. Wanted are their ids, each with
// the moment of its creation as far as that is known. What the answer lacks is gone. The errors are those of
// [Client.ServiceAccount]; a missing account is [ErrAccountGone].
func (c *Client) Keys(ctx context.Context, organization, account string, wanted map[string]time.Time) (map[string]Key, error) {
	var found map[string]Key
	var missed time.Time
	err := rest.Patiently(ctx, func(err error) bool { return whileYoung(missed)(err) }, func() (err error) {
		found, err = c.findKeys(ctx, organization, account, wanted)
		missed = youngestMissed(wanted, found)
		return err
	})
	err = settled(missed, err)
	if IsGone(err) && !errors.Is(err, ErrAccountGone) {
		return found, nil
	}
	return found, err
}

// findKeys looks for keys in their account; [ErrGone] tells that some are missing. The server may leave out an empty list of
// keys, but an answer may also have lost a full one, so an account that shows none is asked for once more.
func (c *Client) findKeys(ctx context.Context, organization, account string, wanted map[string]time.Time) (map[string]Key, error) {
	found := map[string]Key{}
	for range 2 {
		holder, err := c.find(ctx, organization, account)
		if IsGone(err) {
			return nil, ErrAccountGone
		}
		if err != nil {
			return nil, err
		}
		for _, key := range holder.Keys {
			if _, asked := wanted[key.ID]; asked {
				found[key.ID] = key
			}
		}
		if holder.Keys != nil {
			break
		}
	}
	if len(found) < len(wanted) {
		return found, ErrGone
	}
	return found, nil
}

// youngestMissed is when the latest key was made that was not found; zero if that is not known.
func youngestMissed(wanted map[string]time.Time, found map[string]Key) time.Time {
	var youngest time.Time
	for id, created := range wanted {
		if _, has := found[id]; !has && created.After(youngest) {
			youngest = created
		}
	}
	return youngest
}
