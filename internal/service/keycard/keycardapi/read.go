package keycardapi

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// read reads one object, made at a moment as far as that is known, with permissions if they are asked for. Is tells that
// it is the one that was asked for.
func read[T listable](
	ctx context.Context, client *Client, noun string, path []string, is func(T) bool, created time.Time, permissions bool,
) (*T, error) {
	var found T
	err := client.expanding(permissions, func(expand url.Values) (told bool, err error) {
		var answer T
		var answered rest.Answered
		err = rest.WaitOut(ctx, invisibleYet(created), func() (err error) {
			answer, err = get[T](ctx, client, path, expand, &answered)
			return err
		})
		if err == nil {
			err = answer.complete()
		}
		if err == nil && !is(answer) {
			err = &rest.IncompleteError{System: system, Noun: noun, Object: path[len(path)-1], Missing: "id, or has another one"}
		}
		if err != nil {
			return false, answered.Of(err)
		}
		found = answer
		return answer.permissions() != nil, nil
	})
	if err != nil {
		return nil, err
	}
	return &found, nil
}

// get is [rest.Get], and tells what was asked.
func get[T any](ctx context.Context, client *Client, path []string, query url.Values, answered *rest.Answered) (T, error) {
	return rest.Send[T](ctx, client.rest, rest.Request{Method: http.MethodGet, Path: path, Query: query, Repeatable: true, Answered: answered})
}
