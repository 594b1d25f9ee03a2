package neowitapi

import (
	"context"
	"errors"

	"github.com/machineid/terraform-provider-machineid/internal/snapshot"
)

// newSnapshots returns the lists that answer reads, by organization. A list has all accounts, each with its keys.
func newSnapshots(client *Client) *snapshot.Lists[ServiceAccount] {
	fetch := func(ctx context.Context, organization, _ string) (snapshot.Page[ServiceAccount], error) {
		accounts, err := client.ServiceAccounts(ctx, organization)
		if errors.Is(err, ErrIncompleteList) {
			err = nil // what it lacks is read by itself
		}
		return snapshot.Page[ServiceAccount]{Items: accounts}, err
	}
	return snapshot.New(fetch, func(account ServiceAccount) string { return account.ID })
}

// ListedServiceAccount answers with an account as a list shows it, or not at all; see [snapshot.Lists.Find].
func (c *Client) ListedServiceAccount(ctx context.Context, organization, id string) (*ServiceAccount, bool) {
	account, listed := c.snapshots.Find(ctx, organization, id)
	return &account, listed
}

// ListedKey answers with a key as a list shows it with its account, or not at all; see [snapshot.Lists.Find].
func (c *Client) ListedKey(ctx context.Context, organization, account, id string) (*Key, bool) {
	holder, listed := c.snapshots.Find(ctx, organization, account)
	if !listed {
		return nil, false
	}
	for i := range holder.Keys {
		if holder.Keys[i].ID == id {
			return &holder.Keys[i], true
		}
	}
	return nil, false
}

// Saved notes that a list had an answer; see [rest.Tally].
func (c *Client) Saved() { c.tally.Saved() }
