package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// keycard is Keycard as anybody without Terraform meets it.
type keycard struct {
	environment environment
}

// keycardPair is what it takes to log in to Keycard as a service account.
type keycardPair struct {
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"client_secret"`
}

func (k keycard) url(path string) string {
	return strings.TrimSuffix(k.environment["KEYCARD_ENDPOINT"], "/") + "/" + path
}

// login returns a token, and the status of the answer.
func (k keycard) login(ctx context.Context, pair keycardPair) (string, int, error) {
	return exchange(ctx, k.url("service-account-token"), url.Values{
		"grant_type": {"client_credentials"}, "client_id": {pair.ClientID}, "client_secret": {pair.ClientSecret},
	})
}

// expectLogin tries a credential at Keycard's door.
func (k keycard) expectLogin(s *stage, what string, pair keycardPair, accepted bool) error {
	token, status, err := k.login(s.ctx, pair)
	if err != nil {
		return err
	}
	return s.expectAnswer(what, token, status, accepted, http.StatusUnauthorized)
}

// rename does what an edit in the console would do to a credential.
func (k keycard) rename(ctx context.Context, credential object, name string) error {
	token, status, err := k.login(ctx, keycardPair{
		ClientID:     k.environment["KEYCARD_CLIENT_ID"],
		ClientSecret: k.environment["KEYCARD_CLIENT_SECRET"],
	})
	if err != nil || token == "" {
		return errors.Join(fmt.Errorf("the admin of Keycard cannot log in: status %d", status), err)
	}
	body, err := json.Marshal(map[string]string{"name": name})
	if err != nil {
		return err
	}
	address := k.url("organizations/" + k.environment["TF_VAR_keycard_organization_id"] +
		"/service-accounts/" + credential.Parent + "/credentials/" + credential.ID)
	header := http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + token}}
	status, err = send(ctx, http.MethodPatch, address, header, bytes.NewReader(body), nil)
	if err != nil || status != http.StatusOK {
		return errors.Join(fmt.Errorf("the admin of Keycard cannot rename the credential: status %d", status), err)
	}
	return nil
}
