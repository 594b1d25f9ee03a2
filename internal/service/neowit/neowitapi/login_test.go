package neowitapi_test

import (
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
	"github.com/machineid/terraform-provider-machineid/internal/service/neowit/neowitapi"
)

func TestTheAssertion(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ ending, audience string }{
		"by default":              {"", ""},
		"with a slash at the end": {"/", ""},
		"with an audience":        {"", "https://app.neowit.io/api/auth/oauth/token"},
	} {
		s := serve(t, map[string][]answer{"GET " + account: {{200, accountJSON}}})
		config := s.config()
		config.BaseURL += test.ending
		config.Login.Audience = test.audience
		if _, err := newClient(t, config).ServiceAccount(t.Context(), "", "sa1", time.Time{}); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		audience := test.audience
		if audience == "" {
			audience = s.URL + "/api/auth/oauth/token"
		}
		sent := s.Requests(login)[0]
		form, err := url.ParseQuery(sent.Body)
		if err != nil || form.Get("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer" || len(form) != 2 ||
			sent.ContentType != "application/x-www-form-urlencoded" || sent.Query != "" || sent.Authorization != "" {
			t.Errorf("%s: sent %+v, %v", name, sent, err)
		}
		claims := jwt.MapClaims{}
		token, err := jwt.ParseWithClaims(form.Get("assertion"), claims, func(*jwt.Token) (any, error) { return []byte(secret), nil },
			jwt.WithValidMethods([]string{"HS256"}), jwt.WithIssuedAt(), jwt.WithAudience(audience), jwt.WithIssuer("sa0"), jwt.WithSubject("sa0"))
		if err != nil || token.Header["kid"] != "k0" || token.Header["typ"] != "JWT" || claims["aud"] != audience {
			t.Fatalf("%s: header %v, claims %v: %v", name, token.Header, claims, err)
		}
		issued, _ := claims.GetIssuedAt()
		expires, _ := claims.GetExpirationTime()
		if lifetime := expires.Sub(issued.Time); lifetime > time.Hour || time.Until(expires.Time) < time.Minute || time.Since(issued.Time) < 10*time.Second {
			t.Errorf("%s: issued %s, expires %s", name, issued, expires)
		}
		if bearer := s.Requests("GET " + account)[0].Authorization; bearer != "Bearer token-of-this-test" {
			t.Errorf("%s: sent %q", name, bearer)
		}
	}
}

// A token has two spellings, and its lifetime may be missing.
func TestEverySpellingOfAToken(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]rest.Token{
		`{"access_token":"one","token_type":"Bearer","expires_in":60}`: {Value: "one", Lifetime: time.Minute},
		`{"access_token":"one","token_type":"Bearer"}`:                 {Value: "one", Lifetime: time.Hour},
		`{"accessToken":"two"}`:                                        {Value: "two", Lifetime: time.Hour},
		`{"accessToken":"two","access_token":"one","expires_in":60}`:   {Value: "one", Lifetime: time.Minute},
	} {
		s := serve(t, map[string][]answer{login: {{200, body}}, "GET " + account: {{200, accountJSON}}})
		token, err := s.client().LoginOnce(t.Context(), s.config().Login)
		if err != nil || token.Value != want.Value || token.Lifetime != want.Lifetime {
			t.Errorf("%s: lives %s, %v", body, token.Lifetime, err)
		}
		// Only what the answer tells.
		if told := strings.Contains(body, "expires_in"); told == token.Expires.IsZero() || told && time.Until(token.Expires.Add(-want.Lifetime)).Abs() > time.Minute {
			t.Errorf("%s: ends at %s", body, token.Expires)
		}
		if _, err := s.client().ServiceAccount(t.Context(), "", "sa1", time.Time{}); err != nil || s.Requests("GET " + account)[0].Authorization != "Bearer "+want.Value {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestOneLoginServesAll(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string][]answer{"GET " + account: {{200, accountJSON}}})
	client := s.client()
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			if _, err := client.ServiceAccount(t.Context(), "", "sa1", time.Time{}); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if logins := len(s.Requests(login)); logins != 1 {
		t.Errorf("%d logins, want 1", logins)
	}
}

func TestARefusedTokenIsRenewedOnce(t *testing.T) {
	t.Parallel()
	const refused = `{"reason":"unauthorized","status":"unauthorized","traceID":"t1"}`
	s := serve(t, map[string][]answer{"GET " + account: {{401, refused}, {200, accountJSON}, {401, refused}}})
	client := s.client()
	if _, err := client.ServiceAccount(t.Context(), "", "sa1", time.Time{}); err != nil {
		t.Fatal(err)
	}
	if logins := len(s.Requests(login)); logins != 2 {
		t.Errorf("%d logins, want 2", logins)
	}
	_, err := client.ServiceAccount(t.Context(), "", "sa1", time.Time{})
	if !neowitapi.IsUnauthorized(err) || neowitapi.IsLogin(err) || len(s.Requests("GET "+account)) != 4 {
		t.Errorf("%d requests: %v", len(s.Requests("GET "+account)), err)
	}
}

// Ways in that need no login send none, and are not renewed.
func TestFixedWaysIn(t *testing.T) {
	t.Parallel()
	for want, way := range map[string]neowitapi.Login{
		"Bearer a-token-from-elsewhere":                               {AccessToken: "a-token-from-elsewhere"},
		"Basic azA6" + "MDEyMzQ1Njc4OWFiY2RlZmdoaWpBQkNERUZHSElKXy0=": {KeyID: "k0", Secret: secret, Basic: true},
	} {
		s := serve(t, map[string][]answer{"GET " + account: {{200, accountJSON}, {401, `{"reason":"cannot use ` + secret + ` or a-token-from-elsewhere"}`}}})
		config := s.config()
		config.Login = way
		client := newClient(t, config)
		if _, err := client.ServiceAccount(t.Context(), "", "sa1", time.Time{}); err != nil || s.Requests("GET " + account)[0].Authorization != want {
			t.Errorf("sent %q, %v", s.Requests("GET " + account)[0].Authorization, err)
		}
		_, err := client.ServiceAccount(t.Context(), "", "sa1", time.Time{})
		if !neowitapi.IsUnauthorized(err) || len(s.Requests("GET "+account)) != 2 || len(s.Requests(login)) != 0 {
			t.Errorf("%d requests, %d logins: %v", len(s.Requests("GET "+account)), len(s.Requests(login)), err)
		}
		if shown := errorText(err); strings.Contains(shown, secret) == way.Basic || strings.Contains(shown, "from-elsewhere") != way.Basic {
			t.Errorf("what was sent must be masked: %v", err)
		}
	}
}

func TestLoginThatFails(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer  answer
		refused bool
		want    string
	}{
		"as in RFC 6749":          {answer{400, `{"error":"invalid_grant","error_description":"untrusted entity"}`}, true, "invalid_grant: untrusted entity"},
		"as elsewhere in the API": {answer{401, `{"reason":"invalid assertion","status":"unauthorized","traceID":"t1"}`}, true, "unauthorized: invalid assertion; trace id t1"},
		"in no words":             {answer{401, ``}, true, "401"},
		"the secret echoed":       {answer{400, jsonText(map[string]string{"reason": "cannot use " + secret})}, true, "(secret)"},
		"another kind of JSON":    {answer{200, `{}`}, false, "no access token"},
		"a page":                  {answer{200, page}, false, "web page"},
		"no such route":           {answer{404, `404 page not found`}, false, "404"},
		"no such object":          {answer{404, missing}, false, "not found"},
		"a conflict":              {answer{409, `{}`}, false, "409"},
		"no permission":           {answer{403, `{"reason":"forbidden","status":"forbidden"}`}, false, "forbidden"},
	} {
		s := serve(t, map[string][]answer{login: {test.answer}})
		client := s.client()
		_, err := client.ServiceAccount(t.Context(), "", "sa1", time.Time{})
		if !neowitapi.IsLogin(err) || neowitapi.IsLoginRefused(err) != test.refused || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v", name, err)
		}
		if neowitapi.IsNotFound(err) || neowitapi.IsGone(err) || neowitapi.IsConflict(err) || neowitapi.IsForbidden(err) || neowitapi.IsUnauthorized(err) ||
			errors.Is(err, neowitapi.ErrUnreadable) {
			t.Errorf("%s: taken for an answer of the API: %v", name, err)
		}
		if !test.refused {
			continue
		}
		if _, again := client.ServiceAccount(t.Context(), "", "sa1", time.Time{}); !neowitapi.IsLoginRefused(again) || len(s.Requests(login)) != 1 {
			t.Errorf("%s: a credential that was refused was sent again: %v", name, again)
		}
	}
}

// A server may repeat in its error what it was sent.
func TestAnEchoedAssertionIsMasked(t *testing.T) {
	t.Parallel()
	echo := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(jsonText(map[string]string{"reason": "cannot use " + r.PostFormValue("assertion")})))
	}))
	t.Cleanup(echo.Close)
	client := newClient(t, neowitapi.Config{BaseURL: echo.URL, Login: neowitapi.Login{ServiceAccountID: "sa0", KeyID: "k0", Secret: secret}})
	_, err := client.ServiceAccount(t.Context(), "", "sa1", time.Time{})
	if !neowitapi.IsLoginRefused(err) || !strings.HasSuffix(err.Error(), "cannot use (secret)") {
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
		if ahead, bad := neowitapi.ClockSkew(err); ahead != test.ahead || bad != test.bad {
			t.Errorf("%s ahead: %s, %t", test.ahead, ahead, bad)
		}
	}
	if ahead, bad := neowitapi.ClockSkew(errors.New("something else")); ahead != 0 || bad {
		t.Errorf("an error that is no login's: %s, %t", ahead, bad)
	}
}
