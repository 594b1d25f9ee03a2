package zenmlapi

import (
	"context"
	"net/url"
	"strconv"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
	"github.com/machineid/terraform-provider-machineid/internal/snapshot"
)

// The sizes of the pages of a snapshot. The first is small, because it is all that is read of a collection in which few
// objects are asked for; it tells how many there are.
const (
	firstPageSize   = 200
	furtherPageSize = 1000
)

// everyAccount is the one collection of service accounts.
const everyAccount = ""

// snapshots are the lists that answer reads; without them each object is read.
type snapshots struct {
	accounts *snapshot.Lists[ServiceAccount]
	keys     *snapshot.Lists[APIKey] // by account
}

func newSnapshots(client *Client) snapshots {
	return snapshots{
		accounts: snapshot.New(func(ctx context.Context, _, next string) (snapshot.Page[ServiceAccount], error) {
			return listedPage(ctx, client, apiPath("service_accounts"), next, wireServiceAccount.flat)
		}, func(account ServiceAccount) string { return account.ID }),
		keys: snapshot.New(func(ctx context.Context, accountID, next string) (snapshot.Page[APIKey], error) {
			return listedPage(ctx, client, apiKeyPath(accountID), next, wireAPIKey.flat)
		}, func(key APIKey) string { return key.ID }),
	}
}

// listable is what stands in lists. Where it does not tell all that a read tells, it would hide that this has changed.
type listable interface{ tellsAll() bool }

func (w wireServiceAccount) tellsAll() bool { return w.Body != nil && w.Body.Active != nil }

func (w wireAPIKey) tellsAll() bool {
	return w.Body != nil && w.Body.Active != nil && w.Metadata != nil && w.Metadata.LastRotated.told
}

// listedPage reads a page of a snapshot: the first small one, or by its number one of the large ones, of which the first
// begins anew.
func listedPage[W listable, T any](ctx context.Context, client *Client, path []string, next string, flat func(W) (*T, error)) (snapshot.Page[T], error) {
	size, number := firstPageSize, 1
	if next != "" {
		size = furtherPageSize
		number, _ = strconv.Atoi(next)
	}
	found, err := rest.Get[page[W]](ctx, client.rest, path, url.Values{
		"hydrate": {"true"}, "size": {strconv.Itoa(size)}, "page": {strconv.Itoa(number)},
	})
	if isPastTheEnd(err) || IsNotFound(err) {
		return snapshot.Page[T]{}, nil // the list has shrunk, or its account is gone
	}
	if err != nil {
		return snapshot.Page[T]{}, err
	}
	var read snapshot.Page[T]
	for _, item := range found.Items {
		// What lacks something is read by itself, and told then.
		if whole, err := flat(item); err == nil && item.tellsAll() {
			read.Items = append(read.Items, *whole)
		}
	}
	switch {
	case number >= found.TotalPages:
	case next == "":
		read.Next, read.Further = "1", (found.Total+furtherPageSize-1)/furtherPageSize
	default:
		read.Next, read.Further = strconv.Itoa(number+1), found.TotalPages-number
	}
	return read, nil
}

// ListedServiceAccount answers with an account as a list shows it, or not at all; see [snapshot.Lists.Find].
func (c *Client) ListedServiceAccount(ctx context.Context, id string) (*ServiceAccount, bool) {
	account, listed := c.snapshots.accounts.Find(ctx, everyAccount, id)
	if listed {
		c.snapshots.keys.Expect(id)
	}
	return &account, listed
}

// ListedAPIKey answers with a key as a list shows it, or not at all; see [snapshot.Lists.Find].
func (c *Client) ListedAPIKey(ctx context.Context, accountID, id string) (*APIKey, bool) {
	key, listed := c.snapshots.keys.Find(ctx, accountID, id)
	return &key, listed
}

// Saved notes that a list had an answer; see [rest.Tally].
func (c *Client) Saved() { c.tally.Saved() }
