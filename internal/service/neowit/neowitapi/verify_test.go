package neowitapi_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/machineid/terraform-provider-machineid/internal/rest/resttest"
	"github.com/machineid/terraform-provider-machineid/internal/service/neowit/neowitapi"
)

// otherSecret is that of a key which is not the client's own.
const otherSecret = "JIHGFEDCBAjihgfedcba9876543210-_"

// A key logs in as its own account, by its own secret, whatever way in the client has.
func TestAVerificationIsALoginWithTheKey(t *testing.T) {
	t.Parallel()
	const audience = "https://app.neowit.io/api/auth/oauth/token"
	for name, way := range map[string]neowitapi.Login{
		"oauth2":       {ServiceAccountID: "sa0", KeyID: "k0", Secret: secret, Audience: audience},
		"basic":        {KeyID: "k0", Secret: secret, Basic: true, Audience: audience},
		"access token": {AccessToken: "a-token-from-elsewhere", Audience: audience},
	} {
		s := serve(t, nil)
		config := s.config()
		config.Login = way
		if accepted, err := newClient(t, config).Verify(t.Context(), "sa1", "k1", otherSecret); !accepted || err != nil {
			t.Errorf("%s: accepted: %t, %v", name, accepted, err)
		}
		sent := s.All()
		if len(sent) != 1 || sent[0].Route != login || sent[0].Authorization != "" {
			t.Fatalf("%s: sent %d requests, want one login", name, len(sent))
		}
		form, err := url.ParseQuery(sent[0].Body)
		if err != nil {
			t.Fatal(err)
		}
		token, err := jwt.Parse(form.Get("assertion"), func(*jwt.Token) (any, error) { return []byte(otherSecret), nil },
			jwt.WithIssuer("sa1"), jwt.WithSubject("sa1"), jwt.WithAudience(audience))
		if err != nil || token.Header["kid"] != "k1" {
			t.Errorf("%s: header %v, %v", name, token.Header, err)
		}
	}
}

// Only the system itself refuses a key, and only to a machine whose clock lets it log in.
func TestVerdictsOnALogin(t *testing.T) {
	t.Parallel()
	const refusal = `{"error":"invalid_grant","error_description":"untrusted entity"}`
	hourAgo := time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat)
	for name, test := range map[string]struct {
		answer   answer
		date     string
		accepted bool
		unclear  bool
	}{
		"a token":                 {answer: answer{200, `{"access_token":"token-of-the-key"}`}, accepted: true},
		"the older answer":        {answer: answer{200, `{"accessToken":"token-of-the-key"}`}, accepted: true},
		"as in RFC 6749":          {answer: answer{400, refusal}},
		"as elsewhere in the API": {answer: answer{401, `{"reason":"invalid assertion","status":"unauthorized","traceID":"t1"}`}},
		"in no words":             {answer: answer{401, ``}},
		"the secret echoed":       {answer: answer{403, jsonText(map[string]string{"reason": "cannot use " + otherSecret})}, unclear: true},
		"the clock is off":        {answer: answer{401, refusal}, date: hourAgo, unclear: true},
		"a page for people":       {answer: answer{401, page}, unclear: true},
		"a page in place of it":   {answer: answer{200, page}, unclear: true},
		"no token":                {answer: answer{200, `{}`}, unclear: true},
		"no permission":           {answer: answer{403, `{"reason":"forbidden","status":"forbidden"}`}, unclear: true},
		"no such route":           {answer: answer{404, missing}, unclear: true},
		"too many":                {answer: answer{429, `{"reason":"too many"}`}, unclear: true},
		"the server fails":        {answer: answer{503, `{"reason":"down"}`}, unclear: true},
		"the connection is cut":   {answer: answer{status: resttest.Cut}, unclear: true},
	} {
		s := serve(t, map[string][]answer{login: {test.answer}})
		s.Date = test.date
		accepted, err := s.client().Verify(t.Context(), "sa1", "k1", otherSecret)
		if accepted != test.accepted || (err != nil) != test.unclear || strings.Contains(errorText(err), otherSecret) {
			t.Errorf("%s: accepted: %t, %v", name, accepted, err)
		}
	}
}

// The provider's own login and that of the key have nothing to do with each other.
func TestTheProvidersOwnWayInIsNoVerdict(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string][]answer{
		"GET " + account: {{200, accountJSON}},
		login:            {{401, `{"reason":"the provider's own is refused"}`}, {200, `{"access_token":"token-of-the-key"}`}},
	})
	client := s.client()
	if _, err := client.ServiceAccount(t.Context(), "", "sa1", time.Time{}); !neowitapi.IsLoginRefused(err) {
		t.Fatalf("%v", err)
	}
	if accepted, err := client.Verify(t.Context(), "sa1", "k1", otherSecret); !accepted || err != nil {
		t.Errorf("accepted: %t, %v", accepted, err)
	}

	s = serve(t, map[string][]answer{
		"GET " + account: {{200, accountJSON}},
		login:            {{401, `{"reason":"the key is refused"}`}, {200, `{"access_token":"token-of-the-provider"}`}},
	})
	client = s.client()
	if accepted, err := client.Verify(t.Context(), "sa1", "k1", otherSecret); accepted || err != nil {
		t.Errorf("accepted: %t, %v", accepted, err)
	}
	if _, err := client.ServiceAccount(t.Context(), "", "sa1", time.Time{}); err != nil {
		t.Errorf("the refusal of a key was taken for that of the provider: %v", err)
	}
}
