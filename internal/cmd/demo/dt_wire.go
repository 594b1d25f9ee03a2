package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// dtStudio is DT Studio as anybody without Terraform meets it.
type dtStudio struct {
	environment environment
}

// dtKey is what it takes to log in to DT as a service account.
type dtKey struct {
	id, secret, email string
}

// assertion is the signed statement that is exchanged for a token (RFC 7523). The secret only signs it.
func (k dtKey) assertion(audience string, now time.Time) (string, error) {
	header, err := json.Marshal(map[string]string{"alg": "HS256", "kid": k.id, "typ": "JWT"})
	if err != nil {
		return "", err
	}
	claims, err := json.Marshal(map[string]any{
		"iss": k.email, "aud": audience, "iat": now.Unix(), "exp": now.Add(time.Minute).Unix(),
	})
	if err != nil {
		return "", err
	}
	encoding := base64.RawURLEncoding
	signed := encoding.EncodeToString(header) + "." + encoding.EncodeToString(claims)
	mac := hmac.New(sha256.New, []byte(k.secret))
	mac.Write([]byte(signed))
	return signed + "." + encoding.EncodeToString(mac.Sum(nil)), nil
}

// login returns a token, and the status of the answer.
func (d dtStudio) login(ctx context.Context, key dtKey) (string, int, error) {
	door := d.environment["DT_TOKEN_URL"]
	assertion, err := key.assertion(door, time.Now())
	if err != nil {
		return "", 0, err
	}
	form := url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {assertion}}
	var answer struct {
		AccessToken string `json:"access_token"`
	}
	header := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	status, err := send(ctx, http.MethodPost, door, header, strings.NewReader(form.Encode()), &answer)
	return answer.AccessToken, status, err
}

// call asks for a resource by its full name.
func (d dtStudio) call(ctx context.Context, method, name, token string) (int, error) {
	address := strings.TrimSuffix(d.environment["DT_BASE_URL"], "/") + "/v2/" + name
	return send(ctx, method, address, http.Header{"Authorization": {"Bearer " + token}}, nil, nil)
}

// expectLogin tries a key at DT's door.
func (d dtStudio) expectLogin(s *stage, what string, key dtKey, accepted bool) error {
	token, status, err := d.login(s.ctx, key)
	switch {
	case err != nil:
		return err
	case accepted && (status != http.StatusOK || token == ""):
		return fmt.Errorf("a login with %s was refused with status %d", what, status)
	case !accepted && status != http.StatusBadRequest:
		return fmt.Errorf("a login with %s was expected to be refused with status 400, but the status is %d", what, status)
	case accepted:
		s.fact("a login with %s is accepted", what)
	default:
		s.fact("a login with %s is refused", what)
	}
	return nil
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
