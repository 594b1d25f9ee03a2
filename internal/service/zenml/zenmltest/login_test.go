package zenmltest_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestLoginForms(t *testing.T) {
	s := start(t)
	_, key := s.key(s.account("ci"), "k")
	right := s.password()
	for name, c := range map[string]struct {
		form   url.Values
		status int
		detail any
	}{
		"nothing":              {nil, 400, "Invalid request: username is required."},
		"unknown grant":        {url.Values{"grant_type": {"zork"}}, 400, "Unsupported grant type: zork"},
		"password, no name":    {url.Values{"grant_type": {"password"}, "password": {"x"}}, 400, "Invalid request: username is required."},
		"key grant, no key":    {url.Values{"grant_type": {"zenml-api-key"}}, 400, "API key is required."},
		"external grant":       {url.Values{"grant_type": {"zenml-external"}}, 400, "Unsupported grant type: zenml-external."},
		"device":               {url.Values{"device_code": {"x"}}, 400, "Invalid request: device code and client ID are required."},
		"wrong password":       {url.Values{"username": right["username"], "password": {"wrong"}}, 401, credentials("invalid username or password")},
		"no password":          {url.Values{"username": right["username"]}, 401, credentials("invalid username or password")},
		"unknown user":         {url.Values{"username": {"zork"}, "password": right["password"]}, 401, credentials("invalid username or password")},
		"account as user":      {url.Values{"username": {"ci"}}, 401, credentials("invalid username or password")},
		"garbage as key":       {url.Values{"password": {"ZENKEY_zork"}}, 401, credentials("error decoding API key")},
		"right password":       {right, 200, nil},
		"key":                  {url.Values{"password": {key}}, 200, nil},
		"key, empty username":  {url.Values{"username": {""}, "password": {key}}, 200, nil},
		"key, grant spelt out": {url.Values{"grant_type": {"zenml-api-key"}, "password": {key}}, 200, nil},
		"key without prefix":   {url.Values{"password": {strings.TrimPrefix(key, "ZENKEY_")}}, 200, nil},
		"key of ZenML Pro":     {url.Values{"password": {"ZENPROKEY_x"}}, 500, []any{"RuntimeError", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			r := s.form(c.form)
			if r.Status != c.status {
				t.Fatalf("got status %d, want %d: %s", r.Status, c.status, r.Text)
			}
			if c.detail != nil {
				s.WantEqual(r.At("detail"), c.detail)
			}
		})
	}
}

func credentials(message string) []any {
	return []any{"CredentialsNotValid", "Authentication error: " + message}
}

func TestLoginAnswer(t *testing.T) {
	s := start(t)
	_, key := s.key(s.account("ci"), "k")

	answer := s.login(s.password())
	s.WantEqual(answer["token_type"], "bearer")
	for _, name := range []string{"expires_in", "refresh_token", "csrf_token", "scope", "device_id", "device_metadata"} {
		if value, there := answer[name]; !there || value != nil {
			t.Errorf("%s is %v, want null", name, value)
		}
	}
	claims := s.claims(answer["access_token"].(string))
	if claims["exp"] != nil || claims["api_key_id"] != nil || claims["key_gen"] != nil || claims["iss"] != claims["aud"] {
		t.Errorf("got claims %v of a user whose login never ends", claims)
	}
	claims = s.claims(s.keyLogin(key))
	if claims["api_key_id"] == nil || claims["key_gen"] != 1.0 || claims["iat"] == nil {
		t.Errorf("got claims %v of a key", claims)
	}

	s.Set("token_expires_in", "3600")
	answer = s.login(s.password())
	s.WantEqual(answer["expires_in"], 3600.0)
	token := answer["access_token"].(string)
	s.Clock.Move(time.Hour + 9*time.Second)
	s.Want(s.do("GET", "/api/v1/current-user", token, nil), 200)
	s.Clock.Move(time.Hour + 11*time.Second)
	s.wantDetail(s.do("GET", "/api/v1/current-user", token, nil), 401, "CredentialsNotValid", "Signature has expired.")
	s.Want(s.do("GET", "/api/v1/current-user", s.admin, nil), 200)
}

func TestCredentials(t *testing.T) {
	s := start(t)
	_, key := s.key(s.account("ci"), "k")
	other := another(t)
	for name, c := range map[string]struct {
		header string
		detail any
	}{
		"none":          {"", "Not authenticated"},
		"other scheme":  {"Basic YTpi", "Not authenticated"},
		"junk":          {"Bearer junk", credentials("error decoding access token: Invalid JWT token: Not enough segments.")},
		"tampered":      {"Bearer " + s.admin[:len(s.admin)-4] + "AAAA", credentials("error decoding access token: Invalid JWT token: Signature verification failed.")},
		"other server":  {"Bearer " + other.admin, credentials("error decoding access token: Invalid JWT token: Signature verification failed.")},
		"key":           {"Bearer " + key, nil},
		"lower case":    {"bearer " + s.admin, nil},
		"key, tampered": {"Bearer ZENKEY_x", credentials("error decoding API key")},
	} {
		t.Run(name, func(t *testing.T) {
			r := s.do("GET", "/api/v1/current-user", "", nil, "Authorization", c.header)
			if c.detail == nil {
				s.Want(r, 200)
				return
			}
			s.Want(r, 401)
			s.WantEqual(r.At("detail"), c.detail)
			if _, plain := c.detail.(string); plain != (r.Header.Get("WWW-Authenticate") == "Bearer") {
				t.Errorf("got WWW-Authenticate %q", r.Header.Get("WWW-Authenticate"))
			}
		})
	}
	s.Set("direct_bearer", "false")
	s.Want(s.do("GET", "/api/v1/current-user", key, nil), 401)
}

func TestCookieWins(t *testing.T) {
	s := start(t)
	_, key := s.key(s.account("ci"), "k")
	if cookie := s.form(url.Values{"password": {key}}).Header.Get("Set-Cookie"); cookie != "" {
		t.Errorf("a key's login set the cookie %s", strings.SplitN(cookie, "=", 2)[0])
	}
	cookie := s.form(s.password()).Header.Get("Set-Cookie")
	pair, attributes, _ := strings.Cut(cookie, "; ")
	if !strings.HasPrefix(pair, "zenml-server-") || !strings.Contains(attributes, "HttpOnly") || strings.Contains(attributes, "Max-Age") {
		t.Errorf("got the cookie attributes %s", attributes)
	}
	s.WantEqual(s.do("GET", "/api/v1/current-user", key, nil, "Cookie", pair).Str("name"), "admin")
	name, _, _ := strings.Cut(pair, "=")
	s.Want(s.do("GET", "/api/v1/current-user", s.admin, nil, "Cookie", name+"=junk"), 401)
}

func TestRateLimit(t *testing.T) {
	s := start(t)
	s.Set("rate_limit", "2")
	wrong := url.Values{"username": {"admin"}, "password": {"wrong"}}
	s.Want(s.form(wrong), 401)
	s.Want(s.form(s.password()), 200) // forgets the failure
	s.Want(s.form(wrong), 401)
	s.Want(s.form(wrong), 401)
	r := s.form(s.password())
	s.Want(r, 429)
	s.WantEqual(r.At("detail"), "Minute request limit exceeded.")
	s.Want(s.do("GET", accounts, s.admin, nil), 200)
	s.Clock.Move(61 * time.Second)
	s.Want(s.form(s.password()), 200)
}

func TestAuthSchemes(t *testing.T) {
	s := start(t)
	id := s.account("ci")
	_, key := s.key(id, "k")

	s.Set("auth_scheme", "NO_AUTH")
	s.WantEqual(s.do("GET", "/api/v1/current-user", "", nil).Str("name"), "admin")

	s.Set("auth_scheme", "HTTP_BASIC")
	r := s.do("GET", accounts, "", nil)
	s.Want(r, 401)
	s.WantEqual(r.Header.Get("WWW-Authenticate"), "Basic")
	request, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+accounts, nil)
	request.SetBasicAuth(s.password().Get("username"), s.password().Get("password"))
	s.Want(s.Send(request), 200)

	s.Set("auth_scheme", "EXTERNAL")
	s.WantEqual(s.do("GET", "/api/v1/info", "", nil).Str("auth_scheme"), "EXTERNAL")
	s.Want(s.form(s.password()), 400)
	r = s.form(nil)
	s.Want(r, 200)
	if r.At("authorization_url") == nil || r.At("access_token") != nil {
		t.Errorf("got %s for an external login", r.Text)
	}
	s.wantDetail(s.do("GET", accounts, s.admin, nil), 401, "CredentialsNotValid", "local account admin is not allowed")
	token := s.keyLogin(key)
	s.Want(s.do("GET", accounts, token, nil), 200)
	s.wantDetail(s.do("POST", accounts, token, map[string]any{"name": "x", "active": true}), 403, "IllegalOperationError",
		"deprecated in ZenML Pro workspaces")
	s.Set("admin_only", "false") // here the admins come from elsewhere
	s.Want(s.do("PUT", accounts+"/"+id, token, map[string]any{"active": true}), 200)
	s.Want(s.do("PUT", accounts+"/"+id, token, map[string]any{"active": true, "description": "x"}), 403)
	s.Want(s.do("PUT", "/api/v1/activate", "", map[string]any{}), 405)
}

func TestAPIToken(t *testing.T) {
	s := start(t)
	path, key := s.key(s.account("ci"), "k")
	r := s.do("GET", "/api/v1/api_token?token_type=generic&expires_in=60", s.keyLogin(key), nil)
	s.Want(r, 200)
	token := r.Value.(string)
	s.WantEqual(s.do("GET", "/api/v1/current-user", token, nil).Str("name"), "ci")
	s.Want(s.do("PUT", path, s.admin, map[string]any{"active": false}), 200)
	s.Want(s.do("GET", "/api/v1/current-user", token, nil), 401)

	short := s.do("GET", "/api/v1/api_token?expires_in=60", s.admin, nil).Value.(string)
	s.Clock.Move(71 * time.Second)
	s.Want(s.do("GET", "/api/v1/current-user", short, nil), 401)
	s.wantDetail(s.do("GET", "/api/v1/api_token?expires_in=604801", s.admin, nil), 400, "ValueError", "604800 seconds")
	s.Want(s.do("GET", "/api/v1/api_token?expires_in=x", s.admin, nil), 422)
}
