package keycardapi

import (
	"context"
	"encoding/json"
	"iter"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// Credential is a credential of a service account. It does not end by itself, and its client id never changes.
type Credential struct {
	ID string `json:"id"`
	// ClientID is what a login names.
	ClientID    string    `json:"client_id"`
	Name        string    `json:"name"`
	Description string    `json:"description"`
	CreatedAt   time.Time `json:"created_at"`
	// LastUsedAt is zero if it was never used.
	LastUsedAt time.Time `json:"last_used_at"`
	// Permissions are the caller's; nil if they were not asked for.
	Permissions Permissions `json:"permissions"`
	// ClientSecret is told in the answer to a create only.
	ClientSecret string `json:"-"`
}

const credentialNoun = "credential"

func (k Credential) complete() error {
	if k.ID == "" || k.ClientID == "" {
		return &rest.IncompleteError{System: system, Noun: credentialNoun, Object: k.ID, Missing: "id or client_id"}
	}
	if problem := rest.IDProblem(k.ID); problem != "" {
		return &rest.IncompleteError{System: system, Noun: credentialNoun, Missing: problem}
	}
	return nil
}

func (k Credential) permissions() Permissions { return k.Permissions }

// CreateCredential creates a credential of a service account and returns its secret, which the server shows this once. If
// the answer has an id but lacks something else, both the credential, as far as it is known, and a
// *[rest.IncompleteError] are returned: it exists.
func (c *Client) CreateCredential(ctx context.Context, organization, account string, fields Fields) (*Credential, error) {
	var answer json.RawMessage
	var answered rest.Answered
	// The account may be so new that it is not visible yet. A 404 has made nothing.
	err := rest.WaitOut(ctx, invisibleYet(c.madeAt(account)), func() (err error) {
		answer, err = rest.Create(ctx, c.rest, rest.Request{Path: credentialPath(organization, account), JSON: fields, Answered: &answered})
		return err
	})
	if err != nil {
		return nil, c.confirmedAccount(ctx, organization, c.madeAt(account), err)
	}
	var made struct {
		ID           string `json:"id"`
		ClientID     string `json:"client_id"`
		ClientSecret string `json:"client_secret"`
	}
	_ = json.Unmarshal(answer, &made) // a member of another type does not keep the others from being read
	c.secrets.Add(made.ClientSecret)
	var found Credential
	decodeErr := json.Unmarshal(answer, &found)
	found.ID, found.ClientID, found.ClientSecret = made.ID, made.ClientID, made.ClientSecret
	problem := rest.IDProblem(made.ID)
	switch {
	case problem != "":
		return nil, &rest.IncompleteError{System: system, Noun: credentialNoun, Missing: problem, Answered: answered}
	case made.ClientID == "" || made.ClientSecret == "":
		return &found, &rest.IncompleteError{System: system, Noun: credentialNoun, Object: made.ID, Missing: "client_id or client_secret", Answered: answered}
	case decodeErr != nil:
		return &found, &rest.IncompleteError{System: system, Noun: credentialNoun, Object: made.ID, Cause: c.secrets.ScrubError(decodeErr), Answered: answered}
	}
	return &found, nil
}

// Credential reads a credential, made at a moment as far as that is known. [ErrGone] tells that it does not exist, with
// [ErrAccountGone] if its account does not either, and [ErrUnproven] that this cannot be told.
func (c *Client) Credential(ctx context.Context, organization, account, id string, created time.Time, permissions bool) (*Credential, error) {
	found, err := read(ctx, c, credentialNoun, credentialPath(organization, account, id),
		func(found Credential) bool { return found.ID == id }, created, permissions)
	return found, c.confirmedCredential(ctx, organization, account, created, err)
}

// Credentials lists the credentials of an account, every page. [ErrGone] tells that there is no such account.
func (c *Client) Credentials(ctx context.Context, organization, account string, permissions bool) (*Listed[Credential], error) {
	var found *Listed[Credential]
	err := rest.WaitOut(ctx, invisibleYet(c.madeAt(account)), func() (err error) {
		found, err = list[Credential](ctx, c, credentialNoun+"s", credentialPath(organization, account), permissions)
		return err
	})
	return found, c.confirmedAccount(ctx, organization, c.madeAt(account), err)
}

// EachCredential gives the credentials of an account while their list is read. An error is the last that it gives; [ErrGone]
// tells that there is no such account.
func (c *Client) EachCredential(ctx context.Context, organization, account string) iter.Seq2[Credential, error] {
	return func(yield func(Credential, error) bool) {
		for found, err := range each[Credential](ctx, c, credentialNoun+"s", credentialPath(organization, account)) {
			if !yield(found, c.confirmedAccount(ctx, organization, c.madeAt(account), err)) {
				return
			}
		}
	}
}

// UpdateCredential changes a credential, made at a moment as far as that is known. Its secret stays.
func (c *Client) UpdateCredential(ctx context.Context, organization, account, id string, created time.Time, change Change) error {
	c.snapshots.credentials.Changed(place(credentialPath(organization, account)), id)
	return c.confirmedCredential(ctx, organization, account, created, c.update(ctx, credentialPath(organization, account, id), created, change))
}

// DeleteCredential deletes a credential, made at a moment as far as that is known. [ErrGone] tells that there was none.
func (c *Client) DeleteCredential(ctx context.Context, organization, account, id string, created time.Time) error {
	c.snapshots.credentials.Changed(place(credentialPath(organization, account)), id)
	return c.confirmedCredential(ctx, organization, account, created, c.remove(ctx, credentialPath(organization, account, id), created))
}
