package keycardapi

import (
	"context"
	"encoding/json"
	"iter"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// ServiceAccount is a service account of an organization.
type ServiceAccount struct {
	ID string `json:"id"`
	// Name need not be unique, as far as is known.
	Name string `json:"name"`
	// Description is "" if there is none; the answer may have "", null or nothing then.
	Description string    `json:"description"`
	CreatedAt   time.Time `json:"created_at"`
	UpdatedAt   time.Time `json:"updated_at"`
	// Permissions are the caller's; nil if they were not asked for.
	Permissions Permissions `json:"permissions"`
}

// Fields are what a caller sets of a new account or credential.
type Fields struct {
	Name string `json:"name"`
	// Description is left out if it is "".
	Description string `json:"description,omitempty"`
}

const accountNoun = "service account"

func (a ServiceAccount) complete() error {
	if problem := rest.IDProblem(a.ID); problem != "" {
		return &rest.IncompleteError{System: system, Noun: accountNoun, Missing: problem}
	}
	return nil
}

func (a ServiceAccount) permissions() Permissions { return a.Permissions }

// CreateServiceAccount creates a service account. If the answer has an id but cannot be read as a whole, both that id and
// a *[rest.IncompleteError] are returned: the account exists.
func (c *Client) CreateServiceAccount(ctx context.Context, organization string, fields Fields) (*ServiceAccount, error) {
	var answered rest.Answered
	answer, err := rest.Create(ctx, c.rest, rest.Request{Path: accountPath(organization), JSON: fields, Answered: &answered})
	if err != nil {
		return nil, err
	}
	var made struct {
		ID string `json:"id"`
	}
	_ = json.Unmarshal(answer, &made) // a member of another type does not keep the others from being read
	if problem := rest.IDProblem(made.ID); problem != "" {
		return nil, &rest.IncompleteError{System: system, Noun: accountNoun, Missing: problem, Answered: answered}
	}
	var found ServiceAccount
	err = json.Unmarshal(answer, &found)
	created := found.CreatedAt
	if created.IsZero() {
		created = time.Now()
	}
	c.made.Store(made.ID, created)
	if err != nil {
		return &ServiceAccount{ID: made.ID}, &rest.IncompleteError{System: system, Noun: accountNoun, Object: made.ID, Cause: c.secrets.ScrubError(err), Answered: answered}
	}
	return &found, nil
}

// madeAt is when this client made an account; zero if it did not.
func (c *Client) madeAt(account string) time.Time {
	made, _ := c.made.Load(account)
	moment, _ := made.(time.Time)
	return moment
}

// ServiceAccount reads an account, made at a moment as far as that is known. [ErrGone] tells that it does not exist, and
// [ErrUnproven] that this cannot be told.
func (c *Client) ServiceAccount(ctx context.Context, organization, id string, created time.Time, permissions bool) (*ServiceAccount, error) {
	found, err := read(ctx, c, accountNoun, accountPath(organization, id),
		func(found ServiceAccount) bool { return found.ID == id }, created, permissions)
	return found, c.confirmedAccount(ctx, organization, created, err)
}

// ServiceAccounts lists the accounts of an organization, every page.
func (c *Client) ServiceAccounts(ctx context.Context, organization string, permissions bool) (*Listed[ServiceAccount], error) {
	return list[ServiceAccount](ctx, c, accountNoun+"s", accountPath(organization), permissions)
}

// EachServiceAccount gives the accounts of an organization while their list is read. An error is the last that it gives.
func (c *Client) EachServiceAccount(ctx context.Context, organization string) iter.Seq2[ServiceAccount, error] {
	return each[ServiceAccount](ctx, c, accountNoun+"s", accountPath(organization))
}

// UpdateServiceAccount changes an account, made at a moment as far as that is known.
func (c *Client) UpdateServiceAccount(ctx context.Context, organization, id string, created time.Time, change Change) error {
	c.snapshots.accounts.Changed(place(accountPath(organization)), id)
	return c.confirmedAccount(ctx, organization, created, c.update(ctx, accountPath(organization, id), created, change))
}

// DeleteServiceAccount deletes an account, made at a moment as far as that is known, and with it its credentials.
// [ErrGone] tells that there was none.
func (c *Client) DeleteServiceAccount(ctx context.Context, organization, id string, created time.Time) error {
	c.snapshots.accounts.Changed(place(accountPath(organization)), id)
	c.snapshots.credentials.Forget()
	return c.confirmedAccount(ctx, organization, created, c.remove(ctx, accountPath(organization, id), created))
}
