package dtapi_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
	"github.com/machineid/terraform-provider-machineid/internal/rest/resttest"
	"github.com/machineid/terraform-provider-machineid/internal/service/dt/dtapi"
)

const (
	tokenRoute   = "POST /oauth2/token"
	accountRoute = "GET /v2/" + account
	// otherSecret is that of a key which is not the client's own.
	otherSecret = "fedcba9876543210fedcba9876543210"
)

var (
	ownToken = answer{200, `{"access_token":"token-of-this-test","token_type":"bearer","expires_in":3600}`}
	newToken = answer{200, `{"access_token":"token-of-the-key","token_type":"bearer","expires_in":3600}`}
	refusal  = answer{400, `{"error":"invalid_grant","error_description":"untrusted entity"}`}
	basicOff = answer{200, strings.Replace(accountJSON, `"enableBasicAuth":true`, `"enableBasicAuth":false`, 1)}
)

// verify asks about a key, and fails the test if the error holds its secret.
func (s *server) verify(config dtapi.Config) (accepted bool, err error) {
	s.t.Helper()
	accepted, err = newClient(s.t, config).Verify(context.Background(), account, "key2", otherSecret)
	if err != nil && (accepted || strings.Contains(err.Error(), otherSecret)) {
		s.t.Errorf("accepted: %t, %v", accepted, err)
	}
	return accepted, err
}

func (s *server) basic() dtapi.Config {
	return dtapi.Config{BaseURL: s.URL, KeyID: "key1", Secret: secret, Basic: true, HTTP: s.config().HTTP}
}

// A key logs in as its own account, by its own secret.
func TestAVerificationIsALoginWithTheKey(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string][]answer{accountRoute: {{200, accountJSON}}, tokenRoute: {ownToken, newToken}})
	config := s.config()
	config.Email = "provider@p9.serviceaccount.d21s.com"
	if accepted, err := s.verify(config); !accepted || err != nil {
		t.Fatalf("accepted: %t, %v", accepted, err)
	}
	logins := s.Requests(tokenRoute)
	if len(logins) != 2 {
		t.Fatalf("%d logins, want the provider's own and that of the key", len(logins))
	}
	form := strings.SplitN(logins[1].Body, "assertion=", 2)
	assertion, _, _ := strings.Cut(form[1], "&")
	token, err := jwt.ParseWithClaims(assertion, jwt.MapClaims{}, func(*jwt.Token) (any, error) { return []byte(otherSecret), nil },
		jwt.WithIssuer("sa1@p1.serviceaccount.d21s.com"), jwt.WithAudience(config.TokenURL))
	if err != nil || token.Header["kid"] != "key2" {
		t.Errorf("header %v, %v", token.Header, err)
	}
}

func TestVerdictsOnALogin(t *testing.T) {
	t.Parallel()
	hourAgo := time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat)
	for name, test := range map[string]struct {
		answer   answer
		date     string
		accepted bool
		unclear  bool
	}{
		"a token":                 {answer: newToken, accepted: true},
		"as in RFC 6749":          {answer: refusal},
		"as elsewhere in the API": {answer: answer{401, `{"error":"invalid signature","code":401}`}},
		"in no words":             {answer: answer{400, ``}},
		"the clock is off":        {answer: refusal, date: hourAgo, unclear: true},
		"a page for people":       {answer: answer{400, `<html>denied</html>`}, unclear: true},
		"a page in place of it":   {answer: answer{200, `<html>sign in</html>`}, unclear: true},
		"no token":                {answer: answer{200, `{}`}, unclear: true},
		"no permission":           {answer: answer{403, `{"error":"forbidden","code":403}`}, unclear: true},
		"no such route":           {answer: answer{404, `404 page not found`}, unclear: true},
		"too many":                {answer: answer{429, `{"error":"too many","code":429}`}, unclear: true},
		"the server fails":        {answer: answer{503, `{"error":"down","code":503}`}, unclear: true},
		"the connection is cut":   {answer: answer{status: resttest.Cut}, unclear: true},
	} {
		s := serve(t, map[string][]answer{accountRoute: {{200, accountJSON}}, tokenRoute: {ownToken, test.answer}})
		s.Date = test.date
		if accepted, err := s.verify(s.config()); accepted != test.accepted || (err != nil) != test.unclear {
			t.Errorf("%s: accepted: %t, %v", name, accepted, err)
		}
	}
}

// What keeps the provider from asking says nothing about the key.
func TestTheProvidersOwnWayInIsNoVerdict(t *testing.T) {
	t.Parallel()
	unauthorized := answer{401, `{"error":"unauthorized","code":401}`}
	for name, answers := range map[string]map[string][]answer{
		"its login is refused":         {tokenRoute: {refusal}, accountRoute: {{200, accountJSON}}},
		"its login fails":              {tokenRoute: {{503, `{"error":"down","code":503}`}}, accountRoute: {{200, accountJSON}}},
		"its token is refused":         {accountRoute: {unauthorized}},
		"it may not read the account":  {accountRoute: {{403, `{"error":"forbidden","code":403}`}}},
		"the account is gone":          {accountRoute: {{404, `{"error":"not found","code":404}`}}},
		"the account has no address":   {accountRoute: {{200, `{"name":"` + account + `"}`}}},
		"the account cannot be read":   {accountRoute: {{200, `<html>sign in</html>`}}},
		"the account is not answered":  {accountRoute: {{status: resttest.Cut}}},
		"the way to it says bad input": {accountRoute: {{400, `{"error":"bad","code":400}`}}},
	} {
		for way, config := range map[string]func(*server) dtapi.Config{"oauth2": (*server).config, "basic": (*server).basic} {
			if way == "basic" && len(answers[tokenRoute]) > 0 {
				continue
			}
			s := serve(t, answers)
			if accepted, err := s.verify(config(s)); accepted || err == nil {
				t.Errorf("%s, %s: accepted: %t, %v", name, way, accepted, err)
			}
			if len(answers[tokenRoute]) > 0 && len(s.Requests(tokenRoute)) != 1 {
				t.Errorf("%s: %d logins", name, len(s.Requests(tokenRoute)))
			}
		}
	}
}

func TestVerdictsOnBasicAuth(t *testing.T) {
	t.Parallel()
	const rolesRoute = "GET /v2/roles"
	for name, test := range map[string]struct {
		account, roles    answer
		accepted, unclear bool
	}{
		"roles":                 {answer{200, accountJSON}, answer{200, `{"roles":[],"nextPageToken":""}`}, true, false},
		"refused":               {answer{200, accountJSON}, answer{401, `{"error":"unauthorized","code":401}`}, false, false},
		"let in, with no right": {answer{200, accountJSON}, answer{403, `{"error":"forbidden","code":403}`}, true, false},
		"forbidden on the way":  {answer{200, accountJSON}, answer{403, `denied`}, false, true},
		"a page":                {answer{200, accountJSON}, answer{401, `<html>denied</html>`}, false, true},
		"a failure":             {answer{200, accountJSON}, answer{500, `{"error":"down","code":500}`}, false, true},
		"Basic auth is off":     {basicOff, answer{401, `{"error":"unauthorized","code":401}`}, false, true},
	} {
		s := serve(t, map[string][]answer{accountRoute: {test.account}, rolesRoute: {test.roles}})
		if accepted, err := s.verify(s.basic()); accepted != test.accepted || (err != nil) != test.unclear {
			t.Errorf("%s: accepted: %t, %v", name, accepted, err)
		}
		if logins := s.Requests(tokenRoute); len(logins) != 0 {
			t.Errorf("%s: %d logins at a token endpoint that the settings do not tell", name, len(logins))
		}
		asked := s.Requests(rolesRoute)
		if off := test.account == basicOff; off != (len(asked) == 0) {
			t.Fatalf("%s: the pair was sent %d times", name, len(asked))
		}
		pair := http.Header{}
		_ = rest.Basic{User: "key2", Password: otherSecret}.Authorize(context.Background(), pair)
		for _, request := range asked {
			if request.Authorization != pair.Get("Authorization") {
				t.Errorf("%s: sent with another pair", name)
			}
		}
	}
}

func TestWhetherAKeyCanBeVerified(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config  func(*server) dtapi.Config
		account answer
		asks    int
		refused bool
	}{
		"oauth2":           {(*server).config, basicOff, 0, false},
		"basic":            {(*server).basic, answer{200, accountJSON}, 1, false},
		"basic, but off":   {(*server).basic, basicOff, 1, true},
		"basic, not found": {(*server).basic, answer{404, `{"error":"not found","code":404}`}, 1, false},
	} {
		s := serve(t, map[string][]answer{accountRoute: {test.account}})
		err := newClient(t, test.config(s)).CanVerify(context.Background(), account)
		if errors.Is(err, dtapi.ErrCannotVerify) != test.refused || len(s.Requests(accountRoute)) != test.asks {
			t.Errorf("%s: %d requests, %v", name, len(s.Requests(accountRoute)), err)
		}
	}
}
