package neowittest_test

import (
	"maps"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage/stagetest"
)

// wantGrant checks a refusal of the token endpoint, and what its reason holds.
func (s *server) wantGrant(r stagetest.Reply, status int, part string) {
	s.T.Helper()
	s.wantError(r, status, r.Str("reason"))
	if !strings.Contains(r.Str("reason"), part) {
		s.T.Fatalf("got %s, want %q in the reason", r.Text, part)
	}
}

func TestTokenAnswer(t *testing.T) {
	s := start(t)
	r := s.exchange(s.assertion(s.seed, nil))
	s.Want(r, 200)
	token := r.Str("access_token")
	s.WantEqual(r.Value, map[string]any{"access_token": token, "token_type": "Bearer", "expires_in": 3600.0})
	if strings.Contains(token, ".") || len(token) < 32 {
		t.Errorf("the token has %d characters", len(token))
	}
	s.Want(s.Do("GET", accounts, "Bearer "+token, nil), 200)

	s.Set("token_style", "legacy")
	r = s.exchange(s.assertion(s.seed, nil))
	s.Want(r, 200)
	s.WantEqual(r.Value, map[string]any{"accessToken": r.Str("accessToken")})
	s.Want(s.Do("GET", accounts, "Bearer "+r.Str("accessToken"), nil), 200)
}

func TestAssertions(t *testing.T) {
	s := start(t)
	other, who := s.key(s.account("other"))
	now := noon.Unix()
	for name, c := range map[string]struct {
		changes map[string]any
		part    string // of the refusal; empty when it is accepted
	}{
		"plain":                {nil, ""},
		"aud as an array":      {map[string]any{"aud": []string{"https://example.com", s.URL + tokenPath}}, ""},
		"aud of a proxy":       {map[string]any{"aud": "http://127.0.0.9:1/neowit" + tokenPath}, ""},
		"aud by name":          {map[string]any{"aud": "https://localhost:1" + tokenPath}, ""},
		"aud in IPv6":          {map[string]any{"aud": "http://[::1]:1" + tokenPath}, ""},
		"aud of the real host": {map[string]any{"aud": "https://app.neowit.io" + tokenPath}, ""},
		"aud elsewhere":        {map[string]any{"aud": "https://example.com" + tokenPath}, "aud"},
		"aud without the path": {map[string]any{"aud": s.URL}, "aud"},
		"aud without the API":  {map[string]any{"aud": s.URL + "/auth/oauth/token"}, "aud"},
		"aud with a slash":     {map[string]any{"aud": s.URL + tokenPath + "/"}, "aud"},
		"aud of other schemes": {map[string]any{"aud": "ftp://127.0.0.1" + tokenPath}, "aud"},
		"aud is no address":    {map[string]any{"aud": "http://[" + tokenPath}, "aud"},
		"no aud":               {map[string]any{"aud": nil}, "aud"},
		"iss of another":       {map[string]any{"iss": who.account}, "iss and sub"},
		"iss is the key":       {map[string]any{"iss": s.seed.key}, "iss and sub"},
		"iss in another case":  {map[string]any{"iss": swapCase(s.seed.account)}, "iss and sub"},
		"no iss":               {map[string]any{"iss": nil}, "iss and sub"},
		"sub of another":       {map[string]any{"sub": who.account}, "iss and sub"},
		"no sub":               {map[string]any{"sub": nil}, "iss and sub"},
		"a little early":       {map[string]any{"iat": now + 60}, ""},
		"too early":            {map[string]any{"iat": now + 61}, "iat is in the future"},
		"no iat":               {map[string]any{"iat": nil}, "required"},
		"just over":            {map[string]any{"iat": now - 3600, "exp": now - 59}, ""},
		"over":                 {map[string]any{"iat": now - 3600, "exp": now - 60}, "exp has passed"},
		"no exp":               {map[string]any{"exp": nil}, "required"},
		"too long":             {map[string]any{"exp": now + 3601}, "more than an hour"},
		"exp is a text":        {map[string]any{"exp": "soon"}, "no JWT"},
		"nothing else matters": {map[string]any{"jti": "y", "scope": "z"}, ""},
	} {
		r := s.exchange(s.assertion(s.seed, c.changes))
		if c.part == "" {
			if r.Status != 200 {
				t.Errorf("%s: got %d %s", name, r.Status, r.Str("reason"))
			}
			continue
		}
		if r.Status != 401 || !strings.Contains(r.Str("reason"), c.part) {
			t.Errorf("%s: got %d %q, want %q", name, r.Status, r.Str("reason"), c.part)
		}
	}
	s.Want(s.Del(other), 204)
}

func TestSignatures(t *testing.T) {
	s := start(t)
	path := s.account("ci")
	keyPath, who := s.key(path)
	s.login(who)
	swapped := identity{who.account, who.secret, who.key}
	s.wantGrant(s.exchange(s.assertion(swapped, nil)), 401, "no service account with this id")
	mixed := identity{s.seed.account, who.key, who.secret}
	s.wantGrant(s.exchange(s.assertion(mixed, nil)), 401, "no service account with this id")
	wrong := identity{who.account, who.key, s.seed.secret}
	s.wantGrant(s.exchange(s.assertion(wrong, nil)), 401, "secret of its key")
	s.wantGrant(s.exchange("zork"), 401, "no JWT")

	now := noon.Unix()
	claims := jwt.MapClaims{"iss": who.account, "sub": who.account, "aud": s.URL + tokenPath, "iat": now, "exp": now + 60}
	for _, c := range []struct {
		method  jwt.SigningMethod
		key     any
		refused string
	}{
		{jwt.SigningMethodHS256, []byte(who.secret), ""},
		{jwt.SigningMethodHS512, []byte(who.secret), "HS256"},
		{jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, "HS256"},
	} {
		unsigned := jwt.NewWithClaims(c.method, claims)
		unsigned.Header["kid"] = who.key
		signed, err := unsigned.SignedString(c.key)
		if err != nil {
			t.Fatal(err)
		}
		if c.refused == "" {
			s.Want(s.exchange(signed), 200)
			continue
		}
		s.wantGrant(s.exchange(signed), 401, c.refused)
	}
	s.Want(s.Del(keyPath), 204)
	s.wantGrant(s.exchange(s.assertion(who, nil)), 401, "no service account with this id")
}

func TestTokenForms(t *testing.T) {
	s := start(t)
	whole := url.Values{
		"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {s.assertion(s.seed, nil)},
	}
	with := func(name string, values ...string) url.Values {
		form := maps.Clone(whole)
		form[name] = values
		return form
	}
	s.Want(s.form(whole), 200)
	s.wantGrant(s.form(nil), 400, "grant_type")
	s.wantGrant(s.form(with("grant_type", "password")), 400, "jwt-bearer")
	s.wantGrant(s.form(with("assertion")), 400, "assertion")
	s.wantGrant(s.Do("POST", tokenPath+"?"+whole.Encode(), "", nil), 400, "grant_type")
	s.wantGrant(s.Do("POST", tokenPath, "", whole.Encode(), "Content-Type", "application/json"), 400, "grant_type")
	s.wantGrant(s.Do("POST", tokenPath, "", "%zz", "Content-Type", "application/x-www-form-urlencoded"), 400, "cannot be read")

	s.Set("token_error", "rfc6749")
	refused := func(r stagetest.Reply, code, part string) {
		t.Helper()
		s.Want(r, 400)
		s.WantEqual(r.Value, map[string]any{"error": code, "error_description": r.Str("error_description")})
		if !strings.Contains(r.Str("error_description"), part) {
			t.Fatalf("got %s, want %q in it", r.Text, part)
		}
	}
	refused(s.form(nil), "invalid_request", "grant_type")
	refused(s.form(with("grant_type", "password")), "unsupported_grant_type", "jwt-bearer")
	refused(s.form(with("assertion")), "invalid_request", "assertion")
	refused(s.form(with("assertion", "zork")), "invalid_grant", "no JWT")
	s.Want(s.form(whole), 200)
	s.wantError(s.Do("GET", accounts, "", nil), 401, "unauthorized") // only the token endpoint speaks so
}

func TestClockSkew(t *testing.T) {
	s := start(t)
	s.Set("clock_skew_s", "-120")
	s.wantGrant(s.exchange(s.assertion(s.seed, nil)), 401, "iat is in the future")
	s.Set("clock_skew_s", "3720")
	s.wantGrant(s.exchange(s.assertion(s.seed, nil)), 401, "exp has passed")
	s.Want(s.Get(accounts), 200) // only the token endpoint's clock is wrong
	s.Set("clock_skew_s", "-60")
	s.login(s.seed)
	// Clients learn the skew from the Date header. Moving the sandbox's clock makes nothing else wrong.
	s.Clock.Move(24 * time.Hour)
	s.WantEqual(s.form(nil).Header.Get("Date"), "Thu, 02 Jul 2026 11:59:00 GMT")
	s.Admin = s.login(s.seed)
	s.WantEqual(s.Get(accounts).Header.Get("Date"), "Fri, 03 Jul 2026 12:00:00 GMT")
	for _, value := range []string{"", "soon", "1.5"} {
		if s.Options().Check(map[string]string{"clock_skew_s": value}) == nil {
			t.Errorf("a skew of %q was accepted", value)
		}
	}
}
