package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// neowit is Neowit as anybody without Terraform meets it.
type neowit struct {
	environment environment
}

// neowitKey is what it takes to log in to Neowit as a service account.
type neowitKey struct {
	AccountID string `json:"service_account_id"`
	ID        string `json:"key_id"`
	Secret    string `json:"secret"`
}

func (n neowit) url(path string) string {
	return strings.TrimSuffix(n.environment["NEOWIT_BASE_URL"], "/") + "/" + path
}

// login returns a token, and the status of the answer.
func (n neowit) login(ctx context.Context, key neowitKey) (string, int, error) {
	door := n.url("auth/oauth/token")
	form, err := assertion(key.ID, key.Secret, key.AccountID, door)
	if err != nil {
		return "", 0, err
	}
	return exchange(ctx, door, form)
}

// expectLogin tries a key at Neowit's door.
func (n neowit) expectLogin(s *stage, what string, key neowitKey, accepted bool) error {
	token, status, err := n.login(s.ctx, key)
	if err != nil {
		return err
	}
	return s.expectAnswer(what, token, status, accepted, http.StatusUnauthorized)
}

// deleteKey does what a click in the Neowit app would do.
func (n neowit) deleteKey(ctx context.Context, key neowitKey) error {
	token, status, err := n.login(ctx, neowitKey{
		AccountID: n.environment["NEOWIT_SERVICE_ACCOUNT_ID"],
		ID:        n.environment["NEOWIT_KEY_ID"],
		Secret:    n.environment["NEOWIT_SECRET"],
	})
	if err != nil || token == "" {
		return errors.Join(fmt.Errorf("the admin of Neowit cannot log in: status %d", status), err)
	}
	address := n.url("service-account/v1/service-account/" + key.AccountID + "/key/" + key.ID)
	status, err = send(ctx, http.MethodDelete, address, http.Header{"Authorization": {"Bearer " + token}}, nil, nil)
	if err != nil || status != http.StatusNoContent {
		return errors.Join(fmt.Errorf("the admin of Neowit cannot delete the key: status %d", status), err)
	}
	return nil
}
