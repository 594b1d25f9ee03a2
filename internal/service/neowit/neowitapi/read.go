package neowitapi

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// settling is how long a new account may be invisible. Nothing is documented; it is a guess that does little harm.
const settling = 5 * time.Second

// ServiceAccount reads an account, made at a moment as far as that is known. A 404 may mean a missing account or a
// missing route, so the list decides: [ErrGone] is returned only if a complete list was read and lacks the account, and
// [ErrUnreadable] if there is neither route.
func (c *Client) ServiceAccount(ctx context.Context, organization, id string, created time.Time) (*ServiceAccount, error) {
	var found *ServiceAccount
	err := rest.Patiently(ctx, whileYoung(created), func() (err error) {
		found, err = c.find(ctx, organization, id)
		return err
	})
	return found, settled(created, err)
}

// settled returns an error as it is, unless it calls gone what may only be invisible: an interrupt may have ended the wait.
func settled(created time.Time, err error) error {
	if whileYoung(created)(err) {
		return ErrNotVisibleYet
	}
	return err
}

// whileYoung tells errors that a new object explains: it may not be visible yet.
func whileYoung(created time.Time) func(error) bool {
	return func(err error) bool { return IsGone(err) && rest.AnsweredWithin(settling, created, err) }
}

func (c *Client) find(ctx context.Context, organization, id string) (*ServiceAccount, error) {
	if c.readable() {
		account, err := c.one(ctx, organization, id)
		if !isNoRoute(err) {
			return account, err
		}
	}
	accounts, err := c.ServiceAccounts(ctx, organization)
	if err != nil && !errors.Is(err, ErrIncompleteList) {
		return nil, err
	}
	for i := range accounts {
		if accounts[i].ID == id {
			// It exists, and yet cannot be read: that is how all accounts are.
			c.noteUnreadable()
			return &accounts[i], nil
		}
	}
	if err != nil {
		return nil, err
	}
	return nil, ErrGone
}

// one reads a single account, bare or under a member serviceAccount.
func (c *Client) one(ctx context.Context, organization, id string) (*ServiceAccount, error) {
	answer, err := rest.Get[struct {
		ServiceAccount
		Wrapped *ServiceAccount `json:"serviceAccount"`
	}](ctx, c.rest, path(id), inOrganization(organization))
	if err != nil {
		return nil, err
	}
	found := &answer.ServiceAccount
	if answer.Wrapped != nil {
		found = answer.Wrapped
	}
	if found.ID != id {
		return nil, &rest.IncompleteError{System: system, Noun: accountNoun, Object: id, Missing: "id, or has another one"}
	}
	if problem := found.keysProblem(); problem != "" {
		return nil, &rest.IncompleteError{System: system, Noun: accountNoun, Object: id, Missing: problem}
	}
	return found, nil
}

// ServiceAccounts lists the accounts of an organization. [ErrUnreadable] tells that the server has no such list, and
// [ErrIncompleteList], with what was read, that it has more pages.
func (c *Client) ServiceAccounts(ctx context.Context, organization string) ([]ServiceAccount, error) {
	answer, err := rest.Get[json.RawMessage](ctx, c.rest, path(), inOrganization(organization))
	if isNoRoute(err) {
		return nil, errors.Join(ErrUnreadable, err)
	}
	if err != nil {
		return nil, err
	}
	return c.readList(answer)
}

// readList takes a bare array, or an object with an array under serviceAccounts, or else under its only member that is
// one.
func (c *Client) readList(answer json.RawMessage) ([]ServiceAccount, error) {
	if bytes.HasPrefix(answer, []byte("[")) {
		return c.readArray(answer)
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(answer, &members); err != nil || members == nil {
		return nil, &rest.IncompleteError{System: system, Noun: "list of service accounts", Missing: "items"}
	}
	list, named := members["serviceAccounts"]
	if !named {
		if list = onlyArray(members); list == nil {
			return nil, &rest.IncompleteError{System: system, Noun: "list of service accounts", Missing: "items"}
		}
	}
	accounts, err := c.readArray(list)
	if err != nil {
		return nil, err
	}
	if hasMore(members) {
		return accounts, ErrIncompleteList
	}
	return accounts, nil
}

// hasMore tells that a list names a page that follows, at its top or one level below.
func hasMore(members map[string]json.RawMessage) bool {
	for name, member := range members {
		switch text := string(member); {
		case name == "nextPageToken" || name == "nextCursor" || name == "next":
			if text != `""` && text != "null" {
				return true
			}
		case bytes.HasPrefix(member, []byte("{")):
			var inner map[string]json.RawMessage
			if json.Unmarshal(member, &inner) == nil && hasMore(inner) {
				return true
			}
		}
	}
	return false
}

func (c *Client) readArray(list json.RawMessage) ([]ServiceAccount, error) {
	var accounts []ServiceAccount
	if err := json.Unmarshal(list, &accounts); err != nil {
		return nil, &rest.IncompleteError{System: system, Noun: "list of service accounts", Cause: c.secrets.ScrubError(err)}
	}
	for _, account := range accounts {
		if account.ID == "" {
			return nil, &rest.IncompleteError{System: system, Noun: "list of service accounts", Missing: "ids"}
		}
		if problem := cmp.Or(rest.IDProblem(account.ID), account.keysProblem()); problem != "" {
			return nil, &rest.IncompleteError{System: system, Noun: "list of service accounts", Missing: problem}
		}
	}
	return accounts, nil
}

// onlyArray is the one member that is an array of objects; nil if there is none, or more than one. An empty array is
// not taken for the accounts: that would make all of them look gone.
func onlyArray(members map[string]json.RawMessage) json.RawMessage {
	var found json.RawMessage
	for _, member := range members {
		var array []map[string]json.RawMessage
		if json.Unmarshal(member, &array) != nil || len(array) == 0 {
			continue
		}
		if found != nil {
			return nil
		}
		found = member
	}
	return found
}

func (c *Client) readable() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.unreadable
}

func (c *Client) noteUnreadable() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.unreadable = true
}
