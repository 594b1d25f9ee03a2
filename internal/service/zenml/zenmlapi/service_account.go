package zenmlapi

import (
	"context"
	"encoding/json"
	"iter"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// ServiceAccount is a non-human account of the server.
type ServiceAccount struct {
	ID          string
	Name        string
	FullName    string
	Description string
	// AvatarURL is "" if there is none: the server answers null if it was never set and "" after it was cleared.
	AvatarURL string
	Active    bool
	Created   Timestamp
	Updated   Timestamp
	// ExternalUserID is set for an account that ZenML Pro manages.
	ExternalUserID *string
}

// ServiceAccountCreate is the body of a create. Active is required by the server.
type ServiceAccountCreate struct {
	Name        string  `json:"name"`
	FullName    string  `json:"full_name"`
	Description string  `json:"description"`
	AvatarURL   *string `json:"avatar_url,omitempty"`
	Active      bool    `json:"active"`

	IdempotencyKey IdempotencyKey `json:"-"`
}

// ServiceAccountUpdate is the body of an update. Nil keeps a value, "" clears it.
type ServiceAccountUpdate struct {
	Name        *string `json:"name,omitempty"`
	FullName    *string `json:"full_name,omitempty"`
	Description *string `json:"description,omitempty"`
	AvatarURL   *string `json:"avatar_url,omitempty"`
	Active      *bool   `json:"active,omitempty"`
}

// wireServiceAccount is the nested shape of an answer.
type wireServiceAccount struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Body *struct {
		Created   Timestamp `json:"created"`
		Updated   Timestamp `json:"updated"`
		FullName  string    `json:"full_name"`
		Active    *bool     `json:"active"`
		AvatarURL *string   `json:"avatar_url"`
	} `json:"body"`
	Metadata *struct {
		Description    *string `json:"description"`
		ExternalUserID *string `json:"external_user_id"`
	} `json:"metadata"`
}

// flat turns an answer into a value. An answer without its body or metadata is refused: taking the missing for empty
// would show drift that is not there.
func (w wireServiceAccount) flat() (*ServiceAccount, error) {
	if w.ID == "" || w.Body == nil || w.Metadata == nil {
		return nil, &rest.IncompleteError{System: system, Noun: "service account", Object: w.ID, Missing: missingDetails}
	}
	if problem := rest.IDProblem(w.ID); problem != "" {
		return nil, &rest.IncompleteError{System: system, Noun: "service account", Missing: problem}
	}
	return &ServiceAccount{
		ID:             w.ID,
		Name:           w.Name,
		FullName:       w.Body.FullName,
		Description:    text(w.Metadata.Description),
		AvatarURL:      text(w.Body.AvatarURL),
		Active:         isTrue(w.Body.Active),
		Created:        w.Body.Created,
		Updated:        w.Body.Updated,
		ExternalUserID: w.Metadata.ExternalUserID,
	}, nil
}

// CreateServiceAccount creates a service account. If the answer has an id but lacks something else, an account with
// that id alone and an *[rest.IncompleteError] are returned: the account exists.
func (c *Client) CreateServiceAccount(ctx context.Context, account ServiceAccountCreate) (*ServiceAccount, error) {
	answer, err := create(ctx, c, apiPath("service_accounts"), account.IdempotencyKey, account)
	if err != nil {
		return nil, err
	}
	made := madeBy(answer)
	var wire wireServiceAccount
	decodeErr := json.Unmarshal(answer, &wire)
	problem := rest.IDProblem(made.ID)
	switch {
	case problem != "":
		return nil, &rest.IncompleteError{System: system, Noun: "service account", Missing: problem}
	case decodeErr != nil:
		return &ServiceAccount{ID: made.ID}, &rest.IncompleteError{System: system, Noun: "service account", Object: made.ID, Cause: c.secrets.ScrubError(decodeErr)}
	}
	created, err := wire.flat()
	if err != nil {
		return &ServiceAccount{ID: made.ID}, err
	}
	return created, nil
}

// ServiceAccount reads a service account by its id.
func (c *Client) ServiceAccount(ctx context.Context, id string) (*ServiceAccount, error) {
	found, err := rest.Get[wireServiceAccount](ctx, c.rest, apiPath("service_accounts", id), nil)
	if err != nil {
		return nil, err
	}
	return found.flat()
}

// ServiceAccountByName reads a service account by its exact name.
func (c *Client) ServiceAccountByName(ctx context.Context, name string) (*ServiceAccount, error) {
	found, err := find[wireServiceAccount](ctx, c, apiPath("service_accounts"), name)
	if err != nil {
		return nil, err
	}
	if found.Name != name {
		return nil, ErrNoSuchName // some databases tell no case apart
	}
	return found.flat()
}

// ServiceAccounts lists service accounts, every page.
func (c *Client) ServiceAccounts(ctx context.Context, options ListOptions) ([]ServiceAccount, error) {
	items, err := all[wireServiceAccount](ctx, c, apiPath("service_accounts"), options)
	if err != nil {
		return nil, err
	}
	return flatten(items, wireServiceAccount.flat)
}

// EachServiceAccount gives the service accounts while their list is read. An error is the last that it gives.
func (c *Client) EachServiceAccount(ctx context.Context) iter.Seq2[*ServiceAccount, error] {
	return eachFlat(ctx, c, apiPath("service_accounts"), wireServiceAccount.flat)
}

// UpdateServiceAccount changes what is not nil.
func (c *Client) UpdateServiceAccount(ctx context.Context, id string, update ServiceAccountUpdate) error {
	c.snapshots.accounts.Changed(everyAccount, id)
	updated, err := put[wireServiceAccount](ctx, c, apiPath("service_accounts", id), update)
	if err != nil {
		return err
	}
	_, err = updated.flat() // whether the answer is an account at all
	return err
}

// DeleteServiceAccount deletes a service account with its API keys. The server refuses if the account owns other
// objects; see [IsOwner].
func (c *Client) DeleteServiceAccount(ctx context.Context, id string) error {
	c.snapshots.accounts.Changed(everyAccount, id)
	c.snapshots.keys.Forget()
	return remove(ctx, c, apiPath("service_accounts", id))
}
