package dtapi_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
	"github.com/machineid/terraform-provider-machineid/internal/service/dt/dtapi"
)

func TestTheAssertion(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string][]answer{"GET /v2/" + account: {{200, accountJSON}}})
	if _, err := s.client().ServiceAccount(context.Background(), account, time.Time{}); err != nil {
		t.Fatal(err)
	}
	login := s.Requests("POST /oauth2/token")[0]
	form, err := url.ParseQuery(login.Body)
	if err != nil || form.Get("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer" || login.Query != "" || login.Authorization != "" {
		t.Errorf("form %v, query %q, authorization %q, %v", form, login.Query, login.Authorization, err)
	}
	claims := jwt.MapClaims{}
	token, err := jwt.ParseWithClaims(form.Get("assertion"), claims, func(*jwt.Token) (any, error) { return []byte(secret), nil },
		jwt.WithValidMethods([]string{"HS256"}), jwt.WithIssuedAt(), jwt.WithAudience(s.config().TokenURL), jwt.WithIssuer(s.config().Email))
	if err != nil || token.Header["kid"] != "key1" {
		t.Fatalf("header %v, claims %v: %v", token.Header, claims, err)
	}
	issued, _ := claims.GetIssuedAt()
	expires, _ := claims.GetExpirationTime()
	if lifetime := expires.Sub(issued.Time); lifetime > time.Hour || time.Until(expires.Time) < time.Minute || time.Since(issued.Time) < 10*time.Second {
		t.Errorf("issued %s, expires %s", issued, expires)
	}
	if bearer := s.Requests("GET /v2/" + account)[0].Authorization; bearer != "Bearer token-of-this-test" {
		t.Errorf("sent %q", bearer)
	}
}

func TestOneLoginServesAll(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string][]answer{"GET /v2/" + account: {{200, accountJSON}}})
	client := s.client()
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			if _, err := client.ServiceAccount(context.Background(), account, time.Time{}); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if logins := len(s.Requests("POST /oauth2/token")); logins != 1 {
		t.Errorf("%d logins, want 1", logins)
	}
}

func TestARefusedTokenIsRenewedOnce(t *testing.T) {
	t.Parallel()
	const refused = `{"error":"unauthorized","code":401}`
	s := serve(t, map[string][]answer{"GET /v2/" + account: {{401, refused}, {200, accountJSON}, {401, refused}}})
	client := s.client()
	if _, err := client.ServiceAccount(context.Background(), account, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if logins := len(s.Requests("POST /oauth2/token")); logins != 2 {
		t.Errorf("%d logins, want 2", logins)
	}
	_, err := client.ServiceAccount(context.Background(), account, time.Time{})
	if !dtapi.IsUnauthorized(err) || len(s.Requests("GET /v2/"+account)) != 4 {
		t.Errorf("%d requests: %v", len(s.Requests("GET /v2/"+account)), err)
	}
}

func TestLoginThatFails(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer  answer
		refused bool
		want    string
	}{
		"as in RFC 6749":          {answer{400, `{"error":"invalid_grant","error_description":"untrusted entity"}`}, true, "untrusted entity"},
		"as elsewhere in the API": {answer{400, `{"error":"invalid signature","code":400,"help":"https://docs.d21s.com/error/#400"}`}, true, "invalid signature"},
		"in no words":             {answer{401, ``}, true, "401"},
		"the secret echoed":       {answer{400, jsonText(map[string]string{"error": "cannot use " + secret})}, true, "(secret)"},
		"another kind of JSON":    {answer{200, `{}`}, false, "no access token"},
		"no such route":           {answer{404, `404 page not found`}, false, "404"},
		"no such object":          {answer{404, `{"error":"not found","code":404}`}, false, "not found"},
		"no permission":           {answer{403, `{"error":"forbidden","code":403}`}, false, "forbidden"},
	} {
		s := serve(t, map[string][]answer{"POST /oauth2/token": {test.answer}})
		client := s.client()
		_, err := client.ServiceAccount(context.Background(), account, time.Time{})
		if !dtapi.IsLogin(err) || dtapi.IsLoginRefused(err) != test.refused || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v", name, err)
		}
		if dtapi.IsNotFound(err) || dtapi.IsNoRoute(err) || dtapi.IsForbidden(err) || dtapi.IsUnauthorized(err) {
			t.Errorf("%s: taken for an answer of the API: %v", name, err)
		}
		if !test.refused {
			continue
		}
		if _, again := client.ServiceAccount(context.Background(), account, time.Time{}); !dtapi.IsLoginRefused(again) || len(s.Requests("POST /oauth2/token")) != 1 {
			t.Errorf("%s: a credential that was refused was sent again: %v", name, again)
		}
	}
}

// A server may repeat in its error what it was sent.
func TestAnEchoedAssertionIsMasked(t *testing.T) {
	t.Parallel()
	echo := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(jsonText(map[string]string{"error": "cannot use " + r.PostFormValue("assertion")})))
	}))
	t.Cleanup(echo.Close)
	client := newClient(t, dtapi.Config{BaseURL: echo.URL, TokenURL: echo.URL + "/oauth2/token", KeyID: "key1", Secret: secret, Email: "a@b"})
	_, err := client.ServiceAccount(context.Background(), account, time.Time{})
	if !dtapi.IsLoginRefused(err) || !strings.HasSuffix(err.Error(), "cannot use (secret)") {
		t.Errorf("%v", err)
	}
}

func TestClockSkewIsTold(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		ahead time.Duration
		bad   bool
	}{{0, false}, {20 * time.Second, false}, {time.Minute, true}, {-4 * time.Minute, false}, {-10 * time.Minute, true}} {
		err := error(&rest.LoginError{Cause: errors.New("refused"), Ahead: test.ahead})
		if ahead, bad := dtapi.ClockSkew(err); ahead != test.ahead || bad != test.bad {
			t.Errorf("%s ahead: %s, %t", test.ahead, ahead, bad)
		}
	}
	s := serve(t, map[string][]answer{"POST /oauth2/token": {{400, `{"error":"invalid_grant"}`}}})
	_, err := s.client().ServiceAccount(context.Background(), account, time.Time{})
	if ahead, bad := dtapi.ClockSkew(err); bad || ahead > 3*time.Second || ahead < -3*time.Second {
		t.Errorf("two clocks of one machine are %s apart", ahead)
	}
}
