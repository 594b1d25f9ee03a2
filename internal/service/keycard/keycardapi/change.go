package keycardapi

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// Change is what an update does to an account or a credential. Nil keeps a text.
type Change struct {
	Name *string
	// Description is cleared by "".
	Description *string
}

// body has what is to change, and nothing else. What clears a description is not documented.
func (c Change) body(cleared any) map[string]any {
	body := map[string]any{}
	if c.Name != nil {
		body["name"] = *c.Name
	}
	switch {
	case c.Description == nil:
	case *c.Description == "":
		body["description"] = cleared
	default:
		body["description"] = *c.Description
	}
	return body
}

// update changes an object that was made at a moment, as far as that is known. A description is cleared by "" (its type
// is not nullable), or by null if "" is refused or does not clear it.
func (c *Client) update(ctx context.Context, path []string, created time.Time, change Change) error {
	left, err := c.patch(ctx, path, created, change.body(""))
	clears := change.Description != nil && *change.Description == ""
	if !clears || err != nil && !IsInvalid(err) || err == nil && left == "" {
		return err
	}
	left, nullErr := c.patch(ctx, path, created, change.body(nil))
	switch {
	case nullErr == nil && left != "":
		return ErrNotCleared
	case err != nil && IsInvalid(nullErr):
		return errors.Join(ErrNotClearable, err) // the first: it is about what the API documents
	}
	return nullErr
}

// patch sends the fields of a body, and no others, and returns the description that the object has then.
func (c *Client) patch(ctx context.Context, path []string, created time.Time, body map[string]any) (description string, err error) {
	var answer struct {
		Description string `json:"description"`
	}
	err = rest.WaitOut(ctx, invisibleYet(created), func() (err error) {
		// Arriving twice, it changes nothing more.
		answer, err = rest.Send[struct {
			Description string `json:"description"`
		}](ctx, c.rest, rest.Request{Method: http.MethodPatch, Path: path, JSON: body, Repeatable: true, MayBeEmpty: true})
		return err
	})
	return answer.Description, err
}

// ErrNotClearable tells that the server refuses to remove a description.
var ErrNotClearable = errors.New("the server refuses to remove the description, by \"\" and by null")

// ErrNotCleared tells that the server accepted the removal of a description, and did not carry it out.
var ErrNotCleared = errors.New("the server accepted the removal of the description, by \"\" and by null, but still has it")
