package dtapi

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// MaxKeys is how many keys a service account may have (contract: ten keys).
const MaxKeys = 10

// Key is a key of a service account. Nothing in it can be changed.
type Key struct {
	// Name is projects/<project>/serviceaccounts/<account>/keys/<id>.
	Name string `json:"name"`
	// ID is the last segment of the name, and what a login names.
	ID         string    `json:"id"`
	CreateTime time.Time `json:"createTime"`
	// Secret is told in the answer to a create only.
	Secret string `json:"-"`
}

const keyNoun = "key"

func (k Key) nameProblem() string { return nameProblem(k.Name, "projects", "serviceaccounts", "keys") }

func (k Key) complete() error {
	if k.Name == "" || k.ID == "" {
		return &rest.IncompleteError{System: system, Noun: keyNoun, Object: k.Name, Missing: "name or id"}
	}
	if problem := cmp.Or(k.nameProblem(), rest.IDProblem(k.ID)); problem != "" {
		return &rest.IncompleteError{System: system, Noun: keyNoun, Missing: problem}
	}
	return nil
}

// CreateKey creates a key of a service account and returns its secret, which the server shows this once. If the answer
// has a name but lacks something else, both the key, as far as it is known, and an *[rest.IncompleteError] are returned: the
// key exists. A *[KeyLimitError] tells that the account is full.
func (c *Client) CreateKey(ctx context.Context, account string) (*Key, error) {
	var answer json.RawMessage
	// The account may be as new as that it is not visible yet. A 409 can only mean a concurrent change, or the limit,
	// because keys share no name.
	passes := func(err error) bool {
		_, full := AsKeyLimit(err)
		return !full && (IsNotFound(err) || IsConflict(err))
	}
	err := rest.Patiently(ctx, passes, func() (err error) {
		answer, err = create(ctx, c, path(account, "keys"), nil)
		return c.orKeyLimit(ctx, account, err)
	})
	if err != nil {
		return nil, err
	}
	// Read on its own, so that nothing else in the answer can keep it from being read.
	var made struct {
		Key struct {
			Name string `json:"name"`
			ID   string `json:"id"`
		} `json:"key"`
		Secret string `json:"secret"`
	}
	_ = json.Unmarshal(answer, &made)
	c.secrets.Add(made.Secret)
	rescued := &Key{Name: made.Key.Name, ID: made.Key.ID, Secret: made.Secret}
	var wrapped struct {
		Key Key `json:"key"`
	}
	decodeErr := json.Unmarshal(answer, &wrapped)
	named := rescued.Name != ""
	if !named && rescued.ID != "" {
		rescued.Name = account + "/keys/" + rescued.ID
	}
	problem := rescued.nameProblem()
	if rescued.ID != "" {
		problem = cmp.Or(problem, rest.IDProblem(rescued.ID))
	}
	switch {
	case problem != "":
		return nil, &rest.IncompleteError{System: system, Noun: keyNoun, Missing: problem}
	case !named:
		return rescued, &rest.IncompleteError{System: system, Noun: keyNoun, Object: rescued.Name, Missing: "name"}
	case rescued.Secret == "":
		return rescued, &rest.IncompleteError{System: system, Noun: keyNoun, Object: rescued.Name, Missing: "secret"}
	case decodeErr != nil:
		return rescued, &rest.IncompleteError{System: system, Noun: keyNoun, Object: rescued.Name, Cause: c.secrets.ScrubError(decodeErr)}
	}
	found := wrapped.Key
	found.Secret = made.Secret
	return &found, found.complete()
}

// Key reads a key, made at a moment as far as that is known.
func (c *Client) Key(ctx context.Context, name string, created time.Time) (*Key, error) {
	found, err := read[Key](ctx, c, name, created)
	if err != nil {
		return nil, err
	}
	return &found, found.complete()
}

// Keys lists the keys of a service account, every page.
func (c *Client) Keys(ctx context.Context, account string) ([]Key, error) {
	_, created, _ := c.Made(lastSegment(account))
	var keys []Key
	err := rest.WaitOut(ctx, invisibleYet(created), func() (err error) {
		keys, err = all[Key](ctx, c, path(account, "keys"), "keys")
		return err
	})
	return keys, err
}

// EachKey gives the keys of a service account while their list is read. An error is the last that it gives.
func (c *Client) EachKey(ctx context.Context, account string) iter.Seq2[Key, error] {
	return each[Key](ctx, c, path(account, "keys"), "keys")
}

// DeleteKey deletes a key, made at a moment as far as that is known; it stops working at once.
func (c *Client) DeleteKey(ctx context.Context, name string, created time.Time) error {
	c.snapshots.keys.Changed(parent(name), name)
	return c.remove(ctx, name, created)
}

// KeyLimitError tells that a service account has as many keys as it may have.
type KeyLimitError struct {
	// Keys are those that it has.
	Keys []Key
	// Cause is the server's refusal; nil if it was not asked.
	Cause error
}

// Error implements error.
func (e *KeyLimitError) Error() string {
	text := fmt.Sprintf("the service account has %d keys, the most it may have", len(e.Keys))
	if e.Cause != nil {
		text += ": " + e.Cause.Error()
	}
	return text
}

// Unwrap gives the server's refusal.
func (e *KeyLimitError) Unwrap() error { return e.Cause }

// AsKeyLimit finds the *KeyLimitError in an error's chain.
func AsKeyLimit(err error) (*KeyLimitError, bool) {
	var limit *KeyLimitError
	ok := errors.As(err, &limit)
	return limit, ok
}

// orKeyLimit finds out whether a refusal comes from the limit. The status of that is not documented, so the keys are
// counted.
func (c *Client) orKeyLimit(ctx context.Context, account string, err error) error {
	refused := rest.HasStatus(err, http.StatusBadRequest) || rest.HasStatus(err, http.StatusConflict) || rest.HasStatus(err, http.StatusTooManyRequests)
	if !refused || IsLogin(err) {
		return err
	}
	if keys, listErr := c.Keys(ctx, account); listErr == nil && len(keys) >= MaxKeys {
		return &KeyLimitError{Keys: keys, Cause: err}
	}
	return err
}
