package neowitapi

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// ServiceAccount is a service account of an organization, with its keys.
type ServiceAccount struct {
	ID string `json:"id"`
	// Name is unique within the organization, by the documentation.
	Name string `json:"name"`
	// EnableBasicAuth allows a key and its secret to be sent with each request. The server may leave out a false.
	EnableBasicAuth bool `json:"enableBasicAuth"`
	Created         Unix `json:"created"`
	// Keys may be null or left out.
	Keys []Key `json:"keys"`
}

// keysProblem tells what lacks of the ids of an account's keys; "" if nothing.
func (a ServiceAccount) keysProblem() string {
	for _, key := range a.Keys {
		if problem := rest.IDProblem(key.ID); problem != "" {
			return "key's " + problem
		}
	}
	return ""
}

// Key is a key of a service account. Nothing in it can be changed.
type Key struct {
	ID      string `json:"keyId"`
	Created Unix   `json:"created"`
	// Secret is told in the answer to a create only.
	Secret string `json:"-"`
}

// ServiceAccountFields are what a caller sets of an account. Both are always sent, so that no default of the server's
// matters, and a change means the same by each method.
type ServiceAccountFields struct {
	Name            string `json:"name"`
	EnableBasicAuth bool   `json:"enableBasicAuth"`
}

// Unix is a moment in whole seconds since 1970. It is read from a number, with or without a fraction, or from a text.
type Unix int64

// UnmarshalJSON implements [json.Unmarshaler].
func (u *Unix) UnmarshalJSON(data []byte) error {
	var number json.Number
	if string(data) == "null" {
		return nil
	}
	if err := json.Unmarshal(data, &number); err != nil {
		return err
	}
	seconds, err := strconv.ParseFloat(number.String(), 64)
	if err != nil {
		return err
	}
	if seconds < firstSecond || seconds > lastSecond {
		return fmt.Errorf("the moment %.20q lies outside of the years 1 to 9999", number.String())
	}
	*u = Unix(seconds)
	return nil
}

// The seconds that begin the year 1 and end the year 9999: no other year can be written as a date.
const (
	firstSecond = -62135596800
	lastSecond  = 253402300799
)

// Time is the moment; the zero time if it is not known.
func (u Unix) Time() time.Time {
	if u == 0 {
		return time.Time{}
	}
	return time.Unix(int64(u), 0).UTC()
}

const (
	accountNoun = "service account"
	keyNoun     = "key"
)

// CreateServiceAccount creates a service account. If the answer has an id but cannot be read as a whole, both that id and
// a *[rest.IncompleteError] are returned: the account exists.
func (c *Client) CreateServiceAccount(ctx context.Context, organization string, fields ServiceAccountFields) (*ServiceAccount, error) {
	answer, err := rest.Create(ctx, c.rest, rest.Request{Path: path(), Query: inOrganization(organization), JSON: fields})
	if err != nil {
		return nil, err
	}
	var made struct {
		ID string `json:"id"`
	}
	_ = json.Unmarshal(answer, &made) // a member of another type does not keep the others from being read
	if problem := rest.IDProblem(made.ID); problem != "" {
		return nil, &rest.IncompleteError{System: system, Noun: accountNoun, Missing: problem}
	}
	var found ServiceAccount
	if err := json.Unmarshal(answer, &found); err != nil {
		return &ServiceAccount{ID: made.ID}, &rest.IncompleteError{System: system, Noun: accountNoun, Object: made.ID, Cause: c.secrets.ScrubError(err)}
	}
	return &found, nil
}

// DeleteServiceAccount deletes a service account and its keys. [ErrGone] tells that there was none.
func (c *Client) DeleteServiceAccount(ctx context.Context, organization, id string) error {
	c.snapshots.Forget()
	return c.remove(ctx, organization, []string{id}, func() error {
		_, err := c.find(ctx, organization, id)
		return err
	})
}

// CreateKey creates a key of a service account and returns its secret, which the server shows this once. If the answer
// has an id but lacks something else, both the key, as far as it is known, and a *[rest.IncompleteError] are returned:
// the key exists.
func (c *Client) CreateKey(ctx context.Context, organization, account string) (*Key, error) {
	answer, err := rest.Create(ctx, c.rest, rest.Request{
		Path: path(account, "key"), Query: inOrganization(organization), JSON: struct{}{},
	})
	if err != nil {
		return nil, err
	}
	var made struct {
		ID     string `json:"keyId"`
		Secret string `json:"secret"`
	}
	_ = json.Unmarshal(answer, &made) // a member of another type does not keep the others from being read
	c.secrets.Add(made.Secret)
	var found Key
	decodeErr := json.Unmarshal(answer, &found)
	found.ID, found.Secret = made.ID, made.Secret
	problem := rest.IDProblem(made.ID)
	switch {
	case problem != "":
		return nil, &rest.IncompleteError{System: system, Noun: keyNoun, Missing: problem}
	case made.Secret == "":
		return &found, &rest.IncompleteError{System: system, Noun: keyNoun, Object: made.ID, Missing: "secret"}
	case decodeErr != nil:
		return &found, &rest.IncompleteError{System: system, Noun: keyNoun, Object: made.ID, Cause: c.secrets.ScrubError(decodeErr)}
	}
	return &found, nil
}

// DeleteKey deletes a key; it stops working at once. [ErrGone] tells that there was none.
func (c *Client) DeleteKey(ctx context.Context, organization, account, id string) error {
	c.snapshots.Changed(organization, account)
	return c.remove(ctx, organization, []string{account, "key", id}, func() error {
		_, err := c.Key(ctx, organization, account, id, time.Time{})
		return err
	})
}

// RevokeKey is [Client.DeleteKey] for a key that was made at a moment. Right after it a missing key may only be one that is
// not visible yet, and to believe it would leave an orphan.
func (c *Client) RevokeKey(ctx context.Context, organization, account, id string, created time.Time) error {
	err := rest.Patiently(ctx, whileYoung(created), func() error { return c.DeleteKey(ctx, organization, account, id) })
	return settled(created, err)
}
