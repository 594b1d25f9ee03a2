package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

const (
	zenmlAccount = "machineid_zenml_service_account.training"
	zenmlKey     = "machineid_zenml_api_key.training"
)

func playZenML(s *stage) error {
	server := zenml{environment: s.sandbox.environment}

	s.say("Terraform creates a service account and an API key for it.")
	if err := s.apply(); err != nil {
		return err
	}
	first, err := soleKey(s)
	if err != nil {
		return err
	}
	s.fact("the server holds the account and its key %q", first.Name)
	secret, err := s.cli.output(s.ctx, "key")
	if err != nil {
		return err
	}
	if err := server.expectLogin(s, "the key", secret, true); err != nil {
		return err
	}

	s.say("A second plan follows, although the key was used in the meantime.")
	if err := s.expectQuiet(); err != nil {
		return err
	}

	s.say("Behind Terraform's back, an admin deactivates the key.")
	if err := server.deactivate(s.ctx, first); err != nil {
		return err
	}
	if err := server.expectLogin(s, "the key", secret, false); err != nil {
		return err
	}

	s.say("The next plan finds it, and apply repairs it.")
	found, err := s.expectChange(zenmlKey, "update")
	if err != nil {
		return err
	}
	if found.Change.Before["active"] != false || found.Change.After["active"] != true {
		return errors.New("the plan does not turn active from false to true")
	}
	s.fact("what it changes is active, from false to true")
	if err := s.applyPlan(); err != nil {
		return err
	}
	if err := server.expectLogin(s, "the same key", secret, true); err != nil {
		return err
	}
	if err := s.expectQuiet(); err != nil {
		return err
	}

	s.say("Everything is destroyed.")
	if err := s.destroy([]string{"zenml"}); err != nil {
		return err
	}
	return server.expectLogin(s, "the key", secret, false)
}

// soleKey returns the one key in the sandbox, which must belong to the one account.
func soleKey(s *stage) (object, error) {
	objects, err := s.sandbox.objects(s.ctx, "zenml")
	if err != nil {
		return object{}, err
	}
	accounts, keys := objects["service_accounts"], objects["api_keys"]
	if len(accounts) != 1 || len(keys) != 1 || keys[0].Parent != accounts[0].ID {
		return object{}, fmt.Errorf("one account with one key was expected; there are %d accounts and %d keys", len(accounts), len(keys))
	}
	return keys[0], nil
}

// zenml is the server as anybody without Terraform meets it.
type zenml struct {
	environment environment
}

func (z zenml) url(path string) string {
	return strings.TrimSuffix(z.environment["ZENML_SERVER_URL"], "/") + "/api/v1/" + path
}

// login returns a token, and the status of the answer.
func (z zenml) login(ctx context.Context, form url.Values) (string, int, error) {
	return exchange(ctx, z.url("login"), form)
}

// expectLogin tries a key at the server's door.
func (z zenml) expectLogin(s *stage, what, key string, accepted bool) error {
	token, status, err := z.login(s.ctx, url.Values{"password": {key}})
	if err != nil {
		return err
	}
	return s.expectAnswer(what, token, status, accepted, http.StatusUnauthorized)
}

// deactivate does what a click in the dashboard would do.
func (z zenml) deactivate(ctx context.Context, key object) error {
	token, status, err := z.login(ctx, url.Values{
		"username": {z.environment["ZENML_USERNAME"]},
		"password": {z.environment["ZENML_PASSWORD"]},
	})
	if err != nil || token == "" {
		return errors.Join(fmt.Errorf("the admin cannot log in: status %d", status), err)
	}
	header := http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + token}}
	path := "service_accounts/" + key.Parent + "/api_keys/" + key.ID
	status, err = send(ctx, http.MethodPut, z.url(path), header, strings.NewReader(`{"active":false}`), nil)
	if err != nil || status != http.StatusOK {
		return errors.Join(fmt.Errorf("the admin cannot deactivate the key: status %d", status), err)
	}
	return nil
}
