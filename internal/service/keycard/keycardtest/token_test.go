package keycardtest_test

import (
	"encoding/json"
	"maps"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage/stagetest"
)

// wantGrant checks a whole refusal of the token endpoint. Only a refusal of what the header says has a challenge.
func (s *server) wantGrant(r stagetest.Reply, status int, code string, challenge bool) {
	s.T.Helper()
	s.Want(r, status)
	s.WantEqual(r.Value, map[string]any{"error": code, "error_description": r.At("error_description")})
	if r.Str("error_description") == "" || strings.HasPrefix(r.Header.Get("WWW-Authenticate"), "Basic") != challenge {
		s.T.Fatalf("got %s with the challenge %q", r.Text, r.Header.Get("WWW-Authenticate"))
	}
}

func inBody(who identity) url.Values {
	return url.Values{"grant_type": {"client_credentials"}, "client_id": {who.clientID}, "client_secret": {who.secret}}
}

func TestTokenAnswer(t *testing.T) {
	s := start(t)
	s.Clock.Move(48 * time.Hour)
	r := s.exchange(s.seed)
	s.Want(r, 200)
	text := r.Str("access_token")
	s.WantEqual(r.Value, map[string]any{"access_token": text, "token_type": "Bearer", "expires_in": 3600.0})
	s.WantEqual(r.Header.Get("Date"), "Thu, 02 Jul 2026 12:00:00 GMT")
	if s.exchange(s.seed).Str("access_token") == text {
		t.Error("two logins got the same token")
	}

	var claims jwt.MapClaims
	if _, _, err := jwt.NewParser().ParseUnverified(text, &claims); err != nil {
		t.Fatal(err)
	}
	if id, _ := claims["jti"].(string); id == "" {
		t.Error("the token has no jti")
	}
	s.WantEqual(map[string]any(claims), map[string]any{
		"iss": "https://api.keycard.ai", "sub": s.seed.clientID, "jti": claims["jti"],
		"iat": float64(noon.Unix()), "exp": float64(noon.Unix() + 3601), // rounded up
		"https://api.keycard.sh/organization_id": s.organization,
	})
}

func TestClientAuthentication(t *testing.T) {
	s := start(t)
	wrong := identity{s.seed.clientID, "wrong"}
	nobody := identity{"nobody", s.seed.secret}
	grant := url.Values{"grant_type": {"client_credentials"}}

	s.Want(s.exchange(s.seed), 200)
	s.Want(s.form("", inBody(s.seed)), 200)
	for _, who := range []identity{wrong, nobody, {}, {s.seed.clientID, ""}} {
		s.wantGrant(s.exchange(who), 401, "invalid_client", true)
		s.wantGrant(s.form("", inBody(who)), 401, "invalid_client", false)
	}
	s.wantGrant(s.form("", grant), 401, "invalid_client", false)
	s.wantGrant(s.form(s.Admin, grant), 401, "invalid_client", false)
	s.wantGrant(s.form(s.seed.basic(), inBody(s.seed)), 400, "invalid_request", false)
	s.wantGrant(s.Do("POST", tokenPath+"?"+inBody(s.seed).Encode(), "", nil), 400, "invalid_request", false)

	s.Set("client_auth", "basic")
	s.Want(s.exchange(s.seed), 200)
	s.wantGrant(s.form("", inBody(s.seed)), 401, "invalid_client", false)
	s.Set("client_auth", "body")
	s.wantGrant(s.exchange(s.seed), 401, "invalid_client", true)
	s.Want(s.form("", inBody(s.seed)), 200)
}

func TestGrants(t *testing.T) {
	s := start(t)
	basic := s.seed.basic()
	s.wantGrant(s.form(basic, url.Values{"grant_type": {"password"}}), 400, "unsupported_grant_type", false)
	s.wantGrant(s.form(basic, url.Values{}), 400, "invalid_request", false)
	s.wantGrant(s.Do("POST", tokenPath, basic, `{"grant_type":"client_credentials"}`), 400, "invalid_request", false)
	s.wantGrant(s.Do("POST", tokenPath, basic, "grant_type=%zz", "Content-Type", "application/x-www-form-urlencoded"),
		400, "invalid_request", false)
	// The body of errors elsewhere says nothing about this endpoint.
	s.Set("error_body", "empty")
	s.wantGrant(s.exchange(identity{}), 401, "invalid_client", true)
}

func TestTokenLifetime(t *testing.T) {
	s := start(t)
	s.Set("token_lifetime_s", "5")
	r := s.exchange(s.seed)
	s.WantEqual(r.At("expires_in"), 5.0)
	short := "Bearer " + r.Str("access_token")
	s.Clock.Move(48 * time.Hour)
	s.Want(s.Do("GET", accounts, short, nil), 200) // the sandbox' clock does not end tokens
	s.passed.Store(int64(5 * time.Second))
	s.Want(s.Do("GET", accounts, short, nil), 200)
	s.passed.Store(int64(6 * time.Second))
	s.wantError(s.Do("GET", accounts, short, nil), 401, "token")
	s.Want(s.Get(accounts), 200)
	s.passed.Store(int64(time.Hour + 2*time.Second))
	s.wantError(s.Get(accounts), 401, "token")
}

func TestLastUsed(t *testing.T) {
	s := start(t)
	path, who := s.credential(s.account("ci"), "deploy")
	list := path[:strings.LastIndex(path, "/")]
	if has(s.Get(path), "last_used_at") {
		t.Error("a credential that was never used has last_used_at")
	}
	s.Clock.Move(time.Minute)
	s.exchange(identity{who.clientID, "wrong"})
	s.WantEqual(s.Get(path).At("last_used_at"), nil)
	token := s.login(who)
	const used = "2026-07-02T12:01:00.123Z"
	s.WantEqual(s.Get(path).At("last_used_at"), used)
	s.WantEqual(s.Get(list).Each("items", "last_used_at"), []any{used})
	s.WantEqual(s.Patch(path, `{}`).At("last_used_at"), used)
	s.Clock.Move(time.Hour)
	s.Want(s.Do("GET", path, token, nil), 200)
	s.WantEqual(s.Get(path).At("last_used_at"), used) // only logins count
}

func TestTokensOfADeletedCredential(t *testing.T) {
	s := start(t)
	account := s.account("ci")
	path, who := s.credential(account, "deploy")
	_, sibling := s.credential(account, "other")
	token, other := s.login(who), s.login(sibling)
	s.Want(s.Del(path), 204)
	s.wantGrant(s.exchange(who), 401, "invalid_client", true)
	s.wantError(s.Do("GET", accounts, token, nil), 401, "token")
	s.Want(s.Do("GET", accounts, other, nil), 200)
	s.Set("revoke_tokens", "off")
	s.Want(s.Do("GET", accounts, token, nil), 200)
	s.wantGrant(s.exchange(who), 401, "invalid_client", true)
	s.Set("revoke_tokens", "on")
	s.Want(s.Del(account), 204)
	s.wantError(s.Do("GET", accounts, other, nil), 401, "token")
	// The caller's own credential is no exception.
	own := accounts + "/" + s.seeded("terraform").ID + "/credentials"
	s.Want(s.Del(own+"/"+s.Get(own).Each("items", "id")[0].(string)), 204)
	s.wantError(s.Get(accounts), 401, "token")
}

func TestForgedTokens(t *testing.T) {
	s := start(t)
	genuine := strings.TrimPrefix(s.Admin, "Bearer ")
	parts := strings.Split(genuine, ".")
	saved, err := s.Save()
	if err != nil {
		t.Fatal(err)
	}
	var database struct {
		Key string `json:"signing_key"`
	}
	if err := json.Unmarshal(saved, &database); err != nil {
		t.Fatal(err)
	}
	key := []byte(database.Key)
	// Each change overwrites a claim, or removes it by nil.
	sign := func(method jwt.SigningMethod, key any, changes jwt.MapClaims) string {
		claims := jwt.MapClaims{
			"iss": "https://api.keycard.ai", "sub": s.seed.clientID, "exp": noon.Unix() + 3600,
			"https://api.keycard.sh/organization_id": s.organization,
		}
		maps.Copy(claims, changes)
		maps.DeleteFunc(claims, func(_ string, value any) bool { return value == nil })
		signed, err := jwt.NewWithClaims(method, claims).SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return "Bearer " + signed
	}
	s.Want(s.Do("GET", accounts, sign(jwt.SigningMethodHS256, key, nil), nil), 200)
	for name, header := range map[string]string{
		"nothing":              "",
		"no token":             "Bearer ",
		"another scheme":       "Token " + genuine,
		"basic":                s.seed.basic(),
		"no signature":         "Bearer " + parts[0] + "." + parts[1] + ".",
		"another key":          sign(jwt.SigningMethodHS256, []byte("guessed"), nil),
		"another method":       sign(jwt.SigningMethodHS512, key, nil),
		"alg none":             sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, nil),
		"another issuer":       sign(jwt.SigningMethodHS256, key, jwt.MapClaims{"iss": "https://example.com"}),
		"no end":               sign(jwt.SigningMethodHS256, key, jwt.MapClaims{"exp": nil}),
		"another subject":      sign(jwt.SigningMethodHS256, key, jwt.MapClaims{"sub": "x"}),
		"another organization": sign(jwt.SigningMethodHS256, key, jwt.MapClaims{"https://api.keycard.sh/organization_id": "x"}),
		"another server's":     another(t).Admin,
	} {
		if r := s.Do("GET", accounts, header, nil); r.Status != 401 {
			t.Errorf("%s: got %d", name, r.Status)
		}
	}
	s.wantError(s.Do("GET", accounts, "", nil), 401, "token")
	s.Want(s.Do("GET", accounts, "bearer "+genuine, nil), 200)
}
