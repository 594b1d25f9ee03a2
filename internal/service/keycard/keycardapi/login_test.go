package keycardapi_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
	"github.com/machineid/terraform-provider-machineid/internal/rest/resttest"
	"github.com/machineid/terraform-provider-machineid/internal/service/keycard/keycardapi"
)

const (
	tokenJSON  = `{"access_token":"token-of-this-test","token_type":"Bearer","expires_in":3600}`
	badClient  = `{"error":"invalid_client","error_description":"by header"}`
	badRequest = `{"error":"invalid_request","error_description":"by form"}`
)

// style tells how a request to the token endpoint holds the credential: "basic", "form", or what is wrong with it.
func style(t *testing.T, request resttest.Request) string {
	t.Helper()
	form, err := url.ParseQuery(request.Body)
	if err != nil || form.Get("grant_type") != "client_credentials" || request.ContentType != "application/x-www-form-urlencoded" || request.Query != "" {
		t.Errorf("sent %+v, %v", request, err)
	}
	inForm := form.Get("client_id") == clientID && form.Get("client_secret") == secret
	switch {
	case request.Authorization == "Basic "+base64.StdEncoding.EncodeToString([]byte(clientID+":"+secret)) && len(form) == 1:
		return "basic"
	case request.Authorization == "" && inForm && len(form) == 3:
		return "form"
	}
	return "neither: " + request.Authorization + ", " + request.Body
}

func (s *server) styles() string {
	s.t.Helper()
	var styles []string
	for _, request := range s.Requests(login) {
		styles = append(styles, style(s.t, request))
	}
	return strings.Join(styles, " ")
}

// The credential goes into the header, as it is, or into the form if that is refused; which one worked is kept.
func TestTheWayOfTheCredential(t *testing.T) {
	t.Parallel()
	token := answer{200, tokenJSON}
	for name, test := range map[string]struct {
		logins []answer
		want   string // after two logins
	}{
		"in the header":                {[]answer{token}, "basic basic"},
		"in the form, by status 401":   {[]answer{{401, badClient}, token}, "basic form form"},
		"in the form, by status 400":   {[]answer{{400, badRequest}, token}, "basic form form"},
		"in the form, in no words":     {[]answer{{401, ``}, token}, "basic form form"},
		"in the form, by a page":       {[]answer{{401, page}, token}, "basic form form"},
		"in the form, only at renewal": {[]answer{token, {401, badClient}, token}, "basic basic form"},
	} {
		s := serve(t, map[string][]answer{login: test.logins, "GET " + account: {{401, `{}`}, {200, accountJSON}}})
		if err := everyCall[0].do(t, s.client()); err != nil || s.styles() != test.want {
			t.Errorf("%s: sent %s: %v", name, s.styles(), err)
		}
		for _, request := range s.Requests("GET " + account) {
			if request.Authorization != "Bearer token-of-this-test" {
				t.Errorf("%s: sent %q", name, request.Authorization)
			}
		}
	}
}

func TestLoginThatFails(t *testing.T) {
	t.Parallel()
	token := answer{200, tokenJSON}
	for name, test := range map[string]struct {
		logins  []answer
		refused bool
		want    string // in the error
		styles  string // after two calls
	}{
		"both ways refused":          {[]answer{{401, badClient}, {400, badRequest}}, true, "401 Unauthorized: invalid_client: by header", "basic form"},
		"both, the other way round":  {[]answer{{400, badRequest}, {401, badClient}}, true, "400 Bad Request: invalid_request: by form", "basic form"},
		"in the API's own words":     {[]answer{{401, `{"message":"wrong","code":"unauthorized","status":401}`}}, true, "unauthorized: wrong", "basic form"},
		"in no words":                {[]answer{{401, ``}}, true, "401", "basic form"},
		"the form fails":             {[]answer{{401, badClient}, {500, `{"message":"broken"}`}, token}, false, "broken", "basic form basic"},
		"the form has no permission": {[]answer{{401, badClient}, {403, `{"message":"no"}`}, token}, false, "403", "basic form basic"},
		"the header fails":           {[]answer{{500, `{"message":"broken"}`}, token}, false, "broken", "basic basic"},
		"no permission":              {[]answer{{403, `{"message":"no"}`}, token}, false, "403 Forbidden: no", "basic basic"},
		"no such route":              {[]answer{{404, page}, token}, false, "404", "basic basic"},
		"a conflict":                 {[]answer{{409, `{}`}, token}, false, "409", "basic basic"},
		"another kind of JSON":       {[]answer{{200, `{}`}, token}, false, "no access token", "basic basic"},
		"another JSON":               {[]answer{{200, `[]`}, token}, false, "expected shape", "basic basic"},
		"a page":                     {[]answer{{200, page}, token}, false, "web page", "basic basic"},
	} {
		s := serve(t, map[string][]answer{login: test.logins, "GET " + account: {{200, accountJSON}}})
		client := s.client()
		err := everyCall[0].do(t, client)
		var failed *rest.LoginError
		if !errors.As(err, &failed) || keycardapi.IsLoginRefused(err) != test.refused || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
		if keycardapi.IsNotFound(err) || keycardapi.IsGone(err) || keycardapi.IsConflict(err) || keycardapi.IsForbidden(err) || keycardapi.IsUnauthorized(err) || keycardapi.IsInvalid(err) {
			t.Errorf("%s: taken for an answer of the API: %v", name, err)
		}
		again := everyCall[0].do(t, client)
		if keycardapi.IsLoginRefused(again) != test.refused || test.refused == (again == nil) || s.styles() != test.styles {
			t.Errorf("%s: the second time, after %s: %v", name, s.styles(), again)
		}
		if sent := len(s.Requests("GET " + account)); test.refused && sent != 0 {
			t.Errorf("%s: %d requests without a token", name, sent)
		}
	}
}

func TestTheLifetimeOfAToken(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]time.Duration{
		`{"access_token":"one","token_type":"Bearer","expires_in":60}`:                   time.Minute,
		`{"access_token":"one","token_type":"Bearer"}`:                                   time.Hour,
		`{"access_token":"one","expires_in":null,"refresh_token":"two"}`:                 time.Hour,
		`{"access_token":"one","token_type":"Bearer","expires_in":7200,"more":{"a":[]}}`: 2 * time.Hour,
	} {
		s := serve(t, map[string][]answer{login: {{200, body}}})
		config := s.config()
		config.TokenURL = s.URL + "/service-account-token"
		token, err := keycardapi.LoginOnce(t.Context(), config)
		if err != nil || token.Value != "one" || token.Lifetime != want {
			t.Errorf("%s: lives %s, %v", body, token.Lifetime, err)
		}
		// Only what the answer tells.
		told := strings.Contains(body, "expires_in") && !strings.Contains(body, "null")
		if told == token.Expires.IsZero() || told && time.Until(token.Expires.Add(-want)).Abs() > time.Minute {
			t.Errorf("%s: ends at %s", body, token.Expires)
		}
	}
}

func TestTheTokenEndpoint(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ base, token, want string }{
		"by default":                {"", "", "/service-account-token"},
		"with a slash at the end":   {"/", "", "/service-account-token"},
		"below a path":              {"/keycard", "", "/keycard/service-account-token"},
		"an address of its own":     {"/keycard", "/login/token", "/login/token"},
		"with a slash, of its own":  {"", "/login/token/", "/login/token"},
		"the old one, with the org": {"", "/organizations/acme/service-account-token", "/organizations/acme/service-account-token"},
	} {
		base := strings.TrimRight(test.base, "/")
		s := serve(t, map[string][]answer{"POST " + test.want: {{200, tokenJSON}}, "GET " + base + account: {{200, accountJSON}}})
		config := s.config()
		config.BaseURL += test.base
		if test.token != "" {
			config.TokenURL = s.URL + test.token
		}
		if err := everyCall[0].do(t, newClient(t, config)); err != nil || len(s.Requests("POST "+test.want)) != 1 {
			t.Errorf("%s: sent %+v, %v", name, s.All(), err)
		}
	}
}

func TestOneLoginServesAll(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string][]answer{"GET " + account: {{200, accountJSON}}, login: {{401, badClient}, {200, tokenJSON}}})
	client := s.client()
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			if err := everyCall[0].do(t, client); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if s.styles() != "basic form" {
		t.Errorf("logged in by %s, want one login", s.styles())
	}
}

func TestARefusedTokenIsRenewedOnce(t *testing.T) {
	t.Parallel()
	refused := answer{401, `{"message":"expired","code":"unauthorized","status":401}`}
	s := serve(t, map[string][]answer{"GET " + account: {refused, {200, accountJSON}, refused}})
	client := s.client()
	if err := everyCall[0].do(t, client); err != nil || len(s.Requests(login)) != 2 {
		t.Fatalf("%d logins, want 2: %v", len(s.Requests(login)), err)
	}
	err := everyCall[0].do(t, client)
	if !keycardapi.IsUnauthorized(err) || keycardapi.IsLogin(err) || len(s.Requests("GET "+account)) != 4 || len(s.Requests(login)) != 3 {
		t.Errorf("%d requests, %d logins: %v", len(s.Requests("GET "+account)), len(s.Requests(login)), err)
	}
}

// A server may repeat in its error what it was sent, in the spelling that it was sent in.
func TestWhatWasSentIsMasked(t *testing.T) {
	t.Parallel()
	pair := base64.StdEncoding.EncodeToString([]byte(clientID + ":" + secret))
	for _, echo := range []string{secret, url.QueryEscape(secret), pair} {
		body, err := json.Marshal(map[string]string{"message": "cannot use " + echo + " here"})
		if err != nil {
			t.Fatal(err)
		}
		s := serve(t, map[string][]answer{login: {{400, string(body)}}})
		if err := everyCall[0].do(t, s.client()); !keycardapi.IsLoginRefused(err) || !strings.HasSuffix(err.Error(), "cannot use (secret) here") {
			t.Errorf("%v", err)
		}
	}
	s := serve(t, map[string][]answer{"GET " + account: {{409, `{"message":"cannot use token-of-this-test here"}`}}})
	if err := everyCall[0].do(t, s.client()); !strings.HasSuffix(errorText(err), "cannot use (secret) here") {
		t.Errorf("%v", err)
	}
}
