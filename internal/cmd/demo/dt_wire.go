package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// dtStudio is DT Studio as anybody without Terraform meets it.
type dtStudio struct {
	environment environment
}

// dtKey is what it takes to log in to DT as a service account.
type dtKey struct {
	ID     string `json:"id"`
	Secret string `json:"secret"`
	Email  string `json:"email"`
}

// login returns a token, and the status of the answer.
func (d dtStudio) login(ctx context.Context, key dtKey) (string, int, error) {
	door := d.environment["DT_TOKEN_URL"]
	form, err := assertion(key.ID, key.Secret, key.Email, door)
	if err != nil {
		return "", 0, err
	}
	return exchange(ctx, door, form)
}

// call asks for a resource by its full name.
func (d dtStudio) call(ctx context.Context, method, name, token string) (int, error) {
	address := strings.TrimSuffix(d.environment["DT_BASE_URL"], "/") + "/v2/" + name
	return send(ctx, method, address, http.Header{"Authorization": {"Bearer " + token}}, nil, nil)
}

// expectLogin tries a key at DT's door.
func (d dtStudio) expectLogin(s *stage, what string, key dtKey, accepted bool) error {
	token, status, err := d.login(s.ctx, key)
	if err != nil {
		return err
	}
	return s.expectAnswer(what, token, status, accepted, http.StatusBadRequest)
}

// expectRead logs in and tries to read a project.
func (d dtStudio) expectRead(s *stage, key dtKey, project place, allowed bool) error {
	token, status, err := d.login(s.ctx, key)
	if err != nil || token == "" {
		return errors.Join(fmt.Errorf("a login with DT's key was refused with status %d", status), err)
	}
	status, err = d.call(s.ctx, http.MethodGet, d.environment[project.variable], token)
	switch {
	case err != nil:
		return err
	case allowed && status != http.StatusOK:
		return fmt.Errorf("DT's account should be able to read %s, but the status is %d", project.called, status)
	case !allowed && status != http.StatusForbidden:
		return fmt.Errorf("DT's account should be refused with status 403 in %s, but the status is %d", project.called, status)
	case allowed:
		s.fact("DT's account may read %s", project.called)
	default:
		s.fact("DT's account may not read %s", project.called)
	}
	return nil
}
