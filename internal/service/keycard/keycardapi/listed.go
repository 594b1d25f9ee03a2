package keycardapi

import (
	"context"
	"strings"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
	"github.com/machineid/terraform-provider-machineid/internal/snapshot"
)

// snapshots are the lists that answer reads; without them each object is read. A collection has the path of its list.
type snapshots struct {
	accounts    *snapshot.Lists[ServiceAccount]
	credentials *snapshot.Lists[Credential]
}

func newSnapshots(client *Client) snapshots {
	return snapshots{
		accounts:    listsOf(client, accountNoun+"s", func(account ServiceAccount) string { return account.ID }),
		credentials: listsOf(client, credentialNoun+"s", func(credential Credential) string { return credential.ID }),
	}
}

// listsOf reads the pages of collections. What is not complete is left out: it is read by itself, and told then.
func listsOf[T listable](client *Client, noun string, id func(T) string) *snapshot.Lists[T] {
	fetch := func(ctx context.Context, place, next string) (snapshot.Page[T], error) {
		query := firstOf(pageSize)
		if next != "" {
			query.Set("after", next)
		}
		var answered rest.Answered
		read, err := get[page[T]](ctx, client, strings.Split(place, "/"), query, &answered)
		if err == nil {
			err = read.complete("list of " + noun)
		}
		if IsNotFound(err) {
			return snapshot.Page[T]{}, nil // what it belongs to is gone; whoever asks reads the object, and is told
		}
		if err != nil {
			return snapshot.Page[T]{}, answered.Of(err)
		}
		client.shown.Store(place, struct{}{})
		found := snapshot.Page[T]{Items: read.Items}
		if read.PageInfo != nil && read.PageInfo.HasNextPage {
			found.Next = read.PageInfo.EndCursor
		}
		return found, nil
	}
	return snapshot.New(fetch, func(item T) string {
		if item.complete() != nil {
			return ""
		}
		return id(item)
	})
}

// ListedServiceAccount answers with an account as a list shows it, or not at all; see [snapshot.Lists.Find].
func (c *Client) ListedServiceAccount(ctx context.Context, organization, id string) (*ServiceAccount, bool) {
	account, listed := c.snapshots.accounts.Find(ctx, place(accountPath(organization)), id)
	if listed {
		c.snapshots.credentials.Expect(place(credentialPath(organization, id)))
	}
	return &account, listed
}

// ListedCredential answers with a credential as a list shows it, or not at all; see [snapshot.Lists.Find].
func (c *Client) ListedCredential(ctx context.Context, organization, account, id string) (*Credential, bool) {
	credential, listed := c.snapshots.credentials.Find(ctx, place(credentialPath(organization, account)), id)
	return &credential, listed
}

// place names a collection by the path of its list.
func place(path []string) string { return strings.Join(path, "/") }

// Saved notes that a list had an answer; see [rest.Tally].
func (c *Client) Saved() { c.tally.Saved() }
