package zenmlapi

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// APIKey is a key of a service account.
type APIKey struct {
	ID               string
	ServiceAccountID string
	Name             string
	Description      string
	Active           bool
	// Key is the secret. Only the answer to a create holds it.
	Key string
	// RetainPeriodMinutes is how long, in minutes, the previous value stays valid after the latest rotation.
	RetainPeriodMinutes int64
	Created             Timestamp
	// Updated moves with every use of the key.
	Updated Timestamp
	// LastLogin is the latest use, nil before the first.
	LastLogin *Timestamp
	// LastRotated is the latest rotation, nil before the first.
	LastRotated *Timestamp
	// TellsUse and TellsRotation are whether the answer had the two, be it as null. Without, nil means nothing.
	TellsUse, TellsRotation bool
}

// APIKeyCreate is the body of a create. A key is born active.
type APIKeyCreate struct {
	Name        string `json:"name"`
	Description string `json:"description"`

	IdempotencyKey IdempotencyKey `json:"-"`
}

// APIKeyUpdate is the body of an update. Nil keeps a value, "" clears it.
type APIKeyUpdate struct {
	Name        *string `json:"name,omitempty"`
	Description *string `json:"description,omitempty"`
	Active      *bool   `json:"active,omitempty"`
}

// wireAPIKey is the nested shape of an answer.
type wireAPIKey struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Body *struct {
		Created        Timestamp          `json:"created"`
		Updated        Timestamp          `json:"updated"`
		Key            *string            `json:"key"`
		Active         *bool              `json:"active"`
		ServiceAccount wireServiceAccount `json:"service_account"`
	} `json:"body"`
	Metadata *wireAPIKeyMetadata `json:"metadata"`
}

type wireAPIKeyMetadata struct {
	Description         *string `json:"description"`
	RetainPeriodMinutes int64   `json:"retain_period_minutes"`
	LastLogin           latest  `json:"last_login"`
	LastRotated         latest  `json:"last_rotated"`
}

func (w wireAPIKey) flat() (*APIKey, error) {
	if w.ID == "" || w.Body == nil || w.Metadata == nil {
		return nil, &rest.IncompleteError{System: system, Noun: "API key", Object: w.ID, Missing: missingDetails}
	}
	if problem := rest.IDProblem(w.ID); problem != "" {
		return nil, &rest.IncompleteError{System: system, Noun: "API key", Missing: problem}
	}
	return &APIKey{
		ID:                  w.ID,
		ServiceAccountID:    w.Body.ServiceAccount.ID,
		Name:                w.Name,
		Description:         text(w.Metadata.Description),
		Active:              isTrue(w.Body.Active),
		Key:                 text(w.Body.Key),
		RetainPeriodMinutes: w.Metadata.RetainPeriodMinutes,
		Created:             w.Body.Created,
		Updated:             w.Body.Updated,
		LastLogin:           w.Metadata.LastLogin.at,
		LastRotated:         w.Metadata.LastRotated.at,
		TellsUse:            w.Metadata.LastLogin.told,
		TellsRotation:       w.Metadata.LastRotated.told,
	}, nil
}

func apiKeyPath(accountID string, segments ...string) []string {
	return append(apiPath("service_accounts", accountID, "api_keys"), segments...)
}

// CreateAPIKey creates a key and returns its secret, which the server shows this once. If the answer has an id but
// lacks something else, both the key, as far as it is known, and an *[rest.IncompleteError] are returned: the key exists.
func (c *Client) CreateAPIKey(ctx context.Context, accountID string, key APIKeyCreate) (*APIKey, error) {
	answer, err := create(ctx, c, apiKeyPath(accountID), key.IdempotencyKey, key)
	if err != nil {
		return nil, err
	}
	made := madeBy(answer)
	c.secrets.Add(made.Body.Key)
	rescued := &APIKey{ID: made.ID, ServiceAccountID: accountID, Name: key.Name, Description: key.Description, Active: true, Key: made.Body.Key}
	var wire wireAPIKey
	decodeErr := json.Unmarshal(answer, &wire)
	problem := rest.IDProblem(made.ID)
	switch {
	case problem != "":
		return nil, &rest.IncompleteError{System: system, Noun: "API key", Missing: problem}
	case made.Body.Key == "":
		return rescued, &rest.IncompleteError{System: system, Noun: "API key", Object: made.ID, Missing: "secret"}
	case decodeErr != nil:
		return rescued, &rest.IncompleteError{System: system, Noun: "API key", Object: made.ID, Cause: c.secrets.ScrubError(decodeErr)}
	case wire.Metadata == nil:
		wire.Metadata = &wireAPIKeyMetadata{Description: &key.Description}
	}
	return wire.flat()
}

// APIKey reads a key by its id.
func (c *Client) APIKey(ctx context.Context, accountID, id string) (*APIKey, error) {
	found, err := rest.Get[wireAPIKey](ctx, c.rest, apiKeyPath(accountID, id), nil)
	if err != nil {
		return nil, err
	}
	return found.flat()
}

// APIKeyByName reads a key by its exact name.
func (c *Client) APIKeyByName(ctx context.Context, accountID, name string) (*APIKey, error) {
	found, err := find[wireAPIKey](ctx, c, apiKeyPath(accountID), name)
	if err != nil {
		return nil, err
	}
	if found.Name != name {
		return nil, ErrNoSuchName // some databases tell no case apart
	}
	return found.flat()
}

// APIKeys lists the keys of a service account, every page.
func (c *Client) APIKeys(ctx context.Context, accountID string, options ListOptions) ([]APIKey, error) {
	items, err := all[wireAPIKey](ctx, c, apiKeyPath(accountID), options)
	if err != nil {
		return nil, err
	}
	return flatten(items, wireAPIKey.flat)
}

// EachAPIKey gives the keys of a service account while their list is read. An error is the last that it gives.
func (c *Client) EachAPIKey(ctx context.Context, accountID string) iter.Seq2[*APIKey, error] {
	return eachFlat(ctx, c, apiKeyPath(accountID), wireAPIKey.flat)
}

// UpdateAPIKey changes what is not nil.
func (c *Client) UpdateAPIKey(ctx context.Context, accountID, id string, update APIKeyUpdate) error {
	c.snapshots.keys.Changed(accountID, id)
	updated, err := put[wireAPIKey](ctx, c, apiKeyPath(accountID, id), update)
	if err != nil {
		return err
	}
	_, err = updated.flat() // whether the answer is a key at all
	return err
}

// RotateAPIKey gives a key a new secret and returns the key with it; the old one ends after the minutes of retain, and any
// before it at once. Details that the answer leaves out (contract K07) are zero, LastRotated nil. It is never repeated
// unless it was never sent: each time it arrives it rotates (contract I06).
func (c *Client) RotateAPIKey(ctx context.Context, accountID, id string, retain int64) (*APIKey, error) {
	c.snapshots.keys.Changed(accountID, id)
	answer, err := rest.Create(ctx, c.rest, rest.Request{
		Method: http.MethodPut, Path: apiKeyPath(accountID, id, "rotate"), JSON: map[string]int64{"retain_period_minutes": retain},
	})
	if err != nil {
		return nil, err
	}
	made := madeBy(answer)
	c.secrets.Add(made.Body.Key)
	if made.Body.Key == "" {
		return nil, &rest.IncompleteError{System: system, Noun: "rotated API key", Object: id, Missing: "secret"}
	}
	rotated := &APIKey{ID: id, ServiceAccountID: accountID, Key: made.Body.Key}
	var wire wireAPIKey
	if err := json.Unmarshal(answer, &wire); err == nil && wire.Body != nil {
		rotated.Name, rotated.Active, rotated.Created, rotated.Updated = wire.Name, isTrue(wire.Body.Active), wire.Body.Created, wire.Body.Updated
		if !rotated.Updated.IsZero() {
			rotated.LastRotated = &rotated.Updated
		}
	}
	return rotated, nil
}

// DeleteAPIKey deletes a key; it stops working at once.
func (c *Client) DeleteAPIKey(ctx context.Context, accountID, id string) error {
	c.snapshots.keys.Changed(accountID, id)
	return remove(ctx, c, apiKeyPath(accountID, id))
}

func text(value *string) string {
	if value == nil {
		return ""
	}
	return *value
}

func flatten[W, T any](items []W, flat func(W) (*T, error)) ([]T, error) {
	values := make([]T, 0, len(items))
	for _, item := range items {
		value, err := flat(item)
		if err != nil {
			return nil, err
		}
		values = append(values, *value)
	}
	return values, nil
}
