package zenmltest_test

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage/stagetest"
	"github.com/machineid/terraform-provider-machineid/internal/service/zenml/zenmltest"
)

const accounts = "/api/v1/service_accounts"

// server is a fake under test, with a clock that stands still unless moved.
type server struct {
	*stagetest.Fake
	admin string // access token
}

func start(t *testing.T) *server {
	t.Helper()
	t.Parallel()
	return another(t)
}

// another is a second server in a test that is parallel already.
func another(t *testing.T) *server {
	t.Helper()
	noon := time.Date(2026, 7, 2, 12, 0, 0, 123456000, time.UTC)
	s := &server{Fake: stagetest.Serve(t, zenmltest.New, func() time.Time { return noon })}
	s.admin = s.login(s.password())["access_token"].(string)
	return s
}

// do sends a request with a token or key as the bearer, or without one for "".
func (s *server) do(method, path, bearer string, body any, headers ...string) stagetest.Reply {
	s.T.Helper()
	if bearer != "" {
		bearer = "Bearer " + bearer
	}
	return s.Do(method, path, bearer, body, headers...)
}

// form posts a login form.
func (s *server) form(fields url.Values) stagetest.Reply {
	s.T.Helper()
	return s.do("POST", "/api/v1/login", "", fields.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

func (s *server) password() url.Values {
	variables := s.Environment("http://example.invalid")
	return url.Values{"username": {variables["ZENML_USERNAME"]}, "password": {variables["ZENML_PASSWORD"]}}
}

func (s *server) login(fields url.Values) map[string]any {
	s.T.Helper()
	r := s.form(fields)
	s.Want(r, 200)
	return r.Value.(map[string]any)
}

func (s *server) keyLogin(key string) string {
	s.T.Helper()
	return s.login(url.Values{"password": {key}})["access_token"].(string)
}

// account creates a service account and returns its id.
func (s *server) account(name string) string {
	s.T.Helper()
	r := s.do("POST", accounts, s.admin, map[string]any{"name": name, "active": true})
	s.Want(r, 200)
	return r.Str("id")
}

// key creates an API key and returns its path and text.
func (s *server) key(accountID, name string) (path, text string) {
	s.T.Helper()
	r := s.do("POST", accounts+"/"+accountID+"/api_keys", s.admin, map[string]any{"name": name})
	s.Want(r, 200)
	return accounts + "/" + accountID + "/api_keys/" + r.Str("id"), r.Str("body.key")
}

// wantDetail checks a refusal of the server's own: its class and what the message holds.
func (s *server) wantDetail(r stagetest.Reply, status int, class, part string) {
	s.T.Helper()
	s.Want(r, status)
	detail, _ := r.At("detail").([]any)
	if len(detail) != 2 || detail[0] != class || !strings.Contains(detail[1].(string), part) {
		s.T.Fatalf("got %s, want class %s and %q in the message", r.Text, class, part)
	}
}

// claims reads an access token without verifying it.
func (s *server) claims(token string) map[string]any {
	s.T.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		s.T.Fatal("not a JWT")
	}
	content, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		s.T.Fatal(err)
	}
	var claims map[string]any
	if err := json.Unmarshal(content, &claims); err != nil {
		s.T.Fatal(err)
	}
	return claims
}
