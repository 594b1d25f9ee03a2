package dttest_test

import (
	"maps"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage/stagetest"
)

func TestTokenAnswer(t *testing.T) {
	s := start(t)
	r := s.exchange(s.assertion(s.seed, nil))
	s.Want(r, 200)
	token := r.Str("access_token")
	answer := r.Value.(map[string]any)
	delete(answer, "access_token")
	s.WantEqual(answer, map[string]any{"token_type": "Bearer", "expires_in": 3600.0})
	if strings.Contains(token, ".") || len(token) < 32 {
		t.Errorf("the token has %d characters", len(token))
	}
	s.Want(s.Do("GET", s.project, "bearer "+token, nil), 200)
	s.Clock.Move(time.Hour - time.Second)
	s.Want(s.Do("GET", s.project, "Bearer "+token, nil), 200)
	s.Clock.Move(time.Hour)
	s.wantError(s.Do("GET", s.project, "Bearer "+token, nil), 401, "expired")
	s.login(s.seed)
	s.wantError(s.Do("GET", s.project, "Bearer "+token, nil), 401, "unknown") // forgotten by now
}

func TestAssertions(t *testing.T) {
	s := start(t)
	now := noon.Unix()
	const real = "https://identity.disruptive-technologies.com/oauth2/token"
	for name, c := range map[string]struct {
		changes map[string]any
		part    string // of the refusal; empty when it is accepted
	}{
		"plain":                {nil, ""},
		"aud as an array":      {map[string]any{"aud": []string{"https://example.com", s.URL + "/oauth2/token"}}, ""},
		"aud of a proxy":       {map[string]any{"aud": "http://127.0.0.9:1/dt/oauth2/token"}, ""},
		"aud by name":          {map[string]any{"aud": "https://localhost:1/oauth2/token"}, ""},
		"aud in IPv6":          {map[string]any{"aud": "http://[::1]:1/oauth2/token"}, ""},
		"aud of the real host": {map[string]any{"aud": real}, ""},
		"aud elsewhere":        {map[string]any{"aud": "https://example.com/oauth2/token"}, "aud"},
		"aud without the path": {map[string]any{"aud": s.URL}, "aud"},
		"aud of other schemes": {map[string]any{"aud": "ftp://127.0.0.1/oauth2/token"}, "aud"},
		"aud is no address":    {map[string]any{"aud": "http://[/oauth2/token"}, "aud"},
		"no aud":               {map[string]any{"aud": nil}, "aud"},
		"iss in capitals":      {map[string]any{"iss": strings.ToUpper(s.seed.email)}, ""},
		"iss of nobody":        {map[string]any{"iss": "x" + s.seed.email}, "untrusted entity"},
		"no iss":               {map[string]any{"iss": nil}, "untrusted entity"},
		"a little early":       {map[string]any{"iat": now + 2}, ""},
		"too early":            {map[string]any{"iat": now + 3}, "iat is in the future"},
		"no iat":               {map[string]any{"iat": nil}, "required"},
		"almost over":          {map[string]any{"iat": now - 3599, "exp": now + 1}, ""},
		"over":                 {map[string]any{"iat": now - 3600, "exp": now}, "exp has passed"},
		"no exp":               {map[string]any{"exp": nil}, "required"},
		"too long":             {map[string]any{"exp": now + 3601}, "more than an hour"},
		"exp is a text":        {map[string]any{"exp": "soon"}, "no JWT"},
		"nothing else matters": {map[string]any{"sub": "x", "jti": "y", "scope": "z"}, ""},
	} {
		t.Run(name, func(*testing.T) {
			r := s.exchange(s.assertion(s.seed, c.changes))
			if c.part == "" {
				s.Want(r, 200)
				return
			}
			s.wantGrantError(r, "invalid_grant", c.part)
		})
	}
}

func (s *server) wantGrantError(r stagetest.Reply, code, part string) {
	s.T.Helper()
	s.Want(r, 400)
	answer := r.Value.(map[string]any)
	if len(answer) != 2 || answer["error"] != code || !strings.Contains(r.Str("error_description"), part) {
		s.T.Fatalf("got %s, want %s with %q", r.Text, code, part)
	}
}

func TestSignatures(t *testing.T) {
	s := start(t)
	path, _ := s.account("ci")
	keyPath, who := s.key(path)
	s.login(who)

	swapped := identity{who.secret, who.key, who.email}
	s.wantGrantError(s.exchange(s.assertion(swapped, nil)), "invalid_grant", "untrusted entity")
	mixed := identity{who.key, who.secret, s.seed.email}
	s.wantGrantError(s.exchange(s.assertion(mixed, nil)), "invalid_grant", "untrusted entity")
	wrong := identity{who.key, s.seed.secret, who.email}
	s.wantGrantError(s.exchange(s.assertion(wrong, nil)), "invalid_grant", "signature")
	s.wantGrantError(s.exchange("zork"), "invalid_grant", "no JWT")

	claims := jwt.MapClaims{"iss": who.email, "aud": s.URL + "/oauth2/token", "iat": noon.Unix(), "exp": noon.Unix() + 60}
	for _, c := range []struct {
		method jwt.SigningMethod
		key    any
	}{
		{jwt.SigningMethodHS512, []byte(who.secret)},
		{jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType},
	} {
		unsigned := jwt.NewWithClaims(c.method, claims)
		unsigned.Header["kid"] = who.key
		signed, err := unsigned.SignedString(c.key)
		if err != nil {
			t.Fatal(err)
		}
		s.wantGrantError(s.exchange(signed), "invalid_grant", "HS256")
	}

	s.Want(s.Del(keyPath), 200)
	s.wantGrantError(s.exchange(s.assertion(who, nil)), "invalid_grant", "untrusted entity")
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
	s.wantGrantError(s.form(nil), "invalid_request", "grant_type")
	s.wantGrantError(s.form(with("grant_type", "password")), "unsupported_grant_type", "jwt-bearer")
	s.wantGrantError(s.form(with("assertion")), "invalid_request", "assertion")
	s.wantGrantError(s.Do("POST", "/oauth2/token?"+whole.Encode(), "", nil), "invalid_request", "grant_type")
	s.wantGrantError(s.Do("POST", "/oauth2/token", "", whole.Encode(), "Content-Type", "application/json"),
		"invalid_request", "grant_type")
	s.wantGrantError(s.Do("POST", "/oauth2/token", "", "%zz", "Content-Type", "application/x-www-form-urlencoded"),
		"invalid_request", "cannot be read")
	s.Want(s.Do("GET", "/oauth2/token", "", nil), 405)

	s.Set("token_error", "api")
	s.wantError(s.form(nil), 400, "grant_type")
}

func TestClockSkew(t *testing.T) {
	s := start(t)
	s.Set("clock_skew_s", "-60")
	s.wantGrantError(s.exchange(s.assertion(s.seed, nil)), "invalid_grant", "iat is in the future")
	s.Set("clock_skew_s", "3600")
	s.wantGrantError(s.exchange(s.assertion(s.seed, nil)), "invalid_grant", "exp has passed")
	s.Want(s.Get(s.project), 200) // only the token endpoint's clock is wrong
	s.Set("clock_skew_s", "-2")
	s.login(s.seed)
	// Clients learn the skew from the Date header. Moving the sandbox's clock makes nothing else wrong.
	s.Clock.Move(24 * time.Hour)
	s.WantEqual(s.form(nil).Header.Get("Date"), "Thu, 02 Jul 2026 11:59:58 GMT")
	s.Admin = s.login(s.seed)
	s.WantEqual(s.Get(s.project).Header.Get("Date"), "Fri, 03 Jul 2026 12:00:00 GMT")
	for _, value := range []string{"", "soon", "1.5"} {
		if s.Options().Check(map[string]string{"clock_skew_s": value}) == nil {
			t.Errorf("a skew of %q was accepted", value)
		}
	}
}
