package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// exchange sends a form to the address where a system logs in. It returns a token, and the status of the answer.
func exchange(ctx context.Context, door string, form url.Values) (string, int, error) {
	var answer struct {
		AccessToken string `json:"access_token"`
	}
	header := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	status, err := send(ctx, http.MethodPost, door, header, strings.NewReader(form.Encode()), &answer)
	return answer.AccessToken, status, err
}

// expectAnswer tells how a login ended, and fails if it should have ended otherwise. Each system has a status of its own
// for a refusal.
func (s *stage) expectAnswer(what, token string, status int, accepted bool, refusal int) error {
	switch {
	case accepted && (status != http.StatusOK || token == ""):
		return fmt.Errorf("a login with %s was refused with status %d", what, status)
	case !accepted && status != refusal:
		return fmt.Errorf("a login with %s was expected to be refused with status %d, but the status is %d", what, refusal, status)
	case accepted:
		s.fact("a login with %s is accepted", what)
	default:
		s.fact("a login with %s is refused", what)
	}
	return nil
}
