package dtapi

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
	"github.com/machineid/terraform-provider-machineid/internal/snapshot"
)

// snapshots are the lists that answer reads; without them each object is read. Each collection has the name of what it
// belongs to.
type snapshots struct {
	accounts *snapshot.Lists[ServiceAccount]
	keys     *snapshot.Lists[Key]
	members  *snapshot.Lists[Member]
}

func newSnapshots(client *Client) snapshots {
	return snapshots{
		accounts: listsOf[ServiceAccount](client, "serviceaccounts", "serviceAccounts", func(a ServiceAccount) string { return a.Name }),
		keys:     listsOf[Key](client, "keys", "keys", func(k Key) string { return k.Name }),
		members:  listsOf[Member](client, "members", "members", func(m Member) string { return m.Name }),
	}
}

// listable is what stands in lists, and is told from a part of itself.
type listable interface {
	named
	complete() error
}

// listsOf reads the pages of a collection, whose items stand under a member of the answer. What is not complete is left out:
// it is read by itself, and told then.
func listsOf[T listable](client *Client, segment, member string, name func(T) string) *snapshot.Lists[T] {
	fetch := func(ctx context.Context, parent, next string) (snapshot.Page[T], error) {
		query := url.Values{"pageSize": {strconv.Itoa(pageSize)}}
		if next != "" {
			query.Set("pageToken", next)
		}
		answer, err := rest.Get[map[string]json.RawMessage](ctx, client.rest, path(parent, segment), query)
		if IsNotFound(err) {
			return snapshot.Page[T]{}, nil // what it belongs to is gone; whoever asks reads the object, and is told
		}
		if err != nil {
			return snapshot.Page[T]{}, err
		}
		var page snapshot.Page[T]
		page.Next, err = readPage(client.secrets, answer, member, &page.Items)
		return page, err
	}
	return snapshot.New(fetch, func(item T) string {
		if item.complete() != nil {
			return ""
		}
		return name(item)
	})
}

// parent is what an object belongs to: its name without the last two segments.
func parent(name string) string {
	for range 2 {
		name = name[:max(strings.LastIndexByte(name, '/'), 0)]
	}
	return name
}

// ListedServiceAccount answers with an account as a list shows it, or not at all; see [snapshot.Lists.Find].
func (c *Client) ListedServiceAccount(ctx context.Context, name string) (*ServiceAccount, bool) {
	account, listed := c.snapshots.accounts.Find(ctx, parent(name), name)
	if listed {
		c.snapshots.keys.Expect(name)
	}
	return &account, listed
}

// ListedKey answers with a key as a list shows it, or not at all; see [snapshot.Lists.Find].
func (c *Client) ListedKey(ctx context.Context, name string) (*Key, bool) {
	key, listed := c.snapshots.keys.Find(ctx, parent(name), name)
	return &key, listed
}

// ListedMember answers with a member as a list shows it, or not at all; see [snapshot.Lists.Find].
func (c *Client) ListedMember(ctx context.Context, name string) (*Member, bool) {
	member, listed := c.snapshots.members.Find(ctx, parent(name), name)
	return &member, listed
}

// Saved notes that a list had an answer; see [rest.Tally].
func (c *Client) Saved() { c.tally.Saved() }
