package zenml_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

var loginLines = []line{
	{"A01_password_login_never_expires_and_sets_a_cookie", passwordLogin},
	{"A02_key_login_sets_no_cookie", keyLogin},
	{"A03_login_form_errors_have_a_text_detail", loginFormErrors},
	{"A04_wrong_password", wrongPassword},
	{"A05_wrong_keys", wrongKeys},
	{"A06_no_credentials", noCredentials},
	{"A07_bad_token", badToken},
	{"A08_key_in_place_of_a_token", directBearer},
	{"A09_cookie_wins_over_bearer", cookieWins},
	{"A10_current_user_tells_who_calls", currentUser},
	{"A11_api_token_of_a_user", apiToken},
	{"A12_logout_ends_no_token", logout},
}

var loginAnswer = object{
	"access_token": aToken, "token_type": "bearer", "expires_in": nil, "refresh_token": nil, "csrf_token": nil,
	"scope": nil, "device_id": nil, "device_metadata": nil,
}

// claims reads an access token, which only the server can verify.
func claims(t *testing.T, token any) object {
	t.Helper()
	parts := strings.Split(token.(string), ".")
	decoded, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	var found object
	if err := json.Unmarshal(decoded, &found); err != nil {
		t.Fatal(err)
	}
	return found
}

// aNumber checks for the moment of a claim.
func aNumber(value any) string {
	if _, ok := value.(float64); !ok {
		return "is no number"
	}
	return ""
}

func (c contract) password() url.Values {
	return url.Values{"username": {c.env["ZENML_USERNAME"]}, "password": {c.env["ZENML_PASSWORD"]}}
}

func passwordLogin(t *testing.T, c contract) {
	got := c.hand.login(t, c.password())
	expect(t, got, http.StatusOK, loginAnswer)
	cookie := got.Header.Get("Set-Cookie")
	if !strings.HasPrefix(cookie, "zenml-server-") || !strings.Contains(cookie, "="+acctest.At(got.Body, "access_token").(string)+";") {
		t.Error("no cookie with the token")
	}
	want := object{"sub": aUUID, "iss": aUUID, "aud": aUUID}
	if c.generations {
		want["iat"] = check(aNumber)
	}
	if problem := differ("claims", claims(t, acctest.At(got.Body, "access_token")), want); problem != "" {
		t.Error(problem)
	}
}

func keyLogin(t *testing.T, c contract) {
	account, _ := c.newAccount(t)
	id, key := c.hand.createKey(t, account, "k")
	got := c.hand.login(t, url.Values{"password": {key}})
	expect(t, got, http.StatusOK, loginAnswer)
	if got.Header.Get("Set-Cookie") != "" {
		t.Error("there is a cookie")
	}
	want := object{"sub": account, "iss": aUUID, "aud": aUUID, "api_key_id": id}
	if c.generations {
		want["iat"], want["key_gen"] = check(aNumber), 1
	}
	if problem := differ("claims", claims(t, acctest.At(got.Body, "access_token")), want); problem != "" {
		t.Error(problem)
	}
}

func loginFormErrors(t *testing.T, c contract) {
	for _, tc := range []struct {
		form   url.Values
		detail string
	}{
		{url.Values{}, "Invalid request: username is required."},
		{url.Values{"username": {""}}, "Invalid request: username is required."},
		{url.Values{"grant_type": {"password"}, "password": {"x"}}, "Invalid request: username is required."},
		{url.Values{"grant_type": {"zork"}}, "Unsupported grant type: zork"},
		{url.Values{"grant_type": {"zenml-api-key"}}, "API key is required."},
		{url.Values{"grant_type": {"zenml-external"}}, "Unsupported grant type: zenml-external."},
	} {
		expect(t, c.hand.login(t, tc.form), http.StatusBadRequest, object{"detail": tc.detail})
	}
	asJSON := c.hand.as("").send(t, call{method: http.MethodPost, path: "/api/v1/login", json: object{"username": "admin", "password": "x"}})
	expect(t, asJSON, http.StatusBadRequest, object{"detail": "Invalid request: username is required."})
}

func wrongPassword(t *testing.T, c contract) {
	_, account := c.newAccount(t)
	for _, username := range []string{c.env["ZENML_USERNAME"], unique("nobody"), account} {
		got := c.hand.login(t, url.Values{"username": {username}, "password": {"wrong"}})
		expectError(t, got, http.StatusUnauthorized, "CredentialsNotValid", "Authentication error: invalid username or password")
	}
}

// keyText makes the text of a key as the server does.
func keyText(id, secret string) string {
	return "ZENKEY_" + base64.StdEncoding.EncodeToString([]byte(`{"id":"`+id+`","key":"`+secret+`"}`))
}

func wrongKeys(t *testing.T, c contract) {
	account, _ := c.newAccount(t)
	id, _ := c.hand.createKey(t, account, "k")
	for key, message := range map[string]string{
		"garbage":        "Authentication error: error decoding API key",
		"ZENKEY_garbage": "Authentication error: error decoding API key",
		keyText(nowhere, strings.Repeat("a", 64)): "Authentication error: error retrieving API key " + nowhere,
		keyText(id, strings.Repeat("a", 64)):      "Authentication error: could not verify key value for API key k",
	} {
		got := c.hand.login(t, url.Values{"password": {key}})
		expectError(t, got, http.StatusUnauthorized, "CredentialsNotValid", message)
	}
}

func noCredentials(t *testing.T, c contract) {
	for _, header := range []map[string]string{nil, {"Authorization": "Basic YTpi"}, {"Authorization": "Token x"}} {
		got := c.hand.as("").send(t, call{method: http.MethodGet, path: accountsPath, header: header})
		expect(t, got, http.StatusUnauthorized, object{"detail": "Not authenticated"})
		if got.Header.Get("Www-Authenticate") != "Bearer" {
			t.Error("no WWW-Authenticate: Bearer")
		}
	}
}

func badToken(t *testing.T, c contract) {
	for token, message := range map[string]string{
		"junk": "Authentication error: error decoding access token: Invalid JWT token: Not enough segments.",
		c.hand.token[:len(c.hand.token)-6] + "AAAAAA": "Authentication error: error decoding access token: Invalid JWT token: Signature verification failed.",
		"ZENKEY_junk": "Authentication error: error decoding API key",
	} {
		got := c.hand.as(token).send(t, call{method: http.MethodGet, path: accountsPath})
		expectError(t, got, http.StatusUnauthorized, "CredentialsNotValid", message)
	}
}

func directBearer(t *testing.T, c contract) {
	account, _ := c.newAccount(t)
	id, key := c.hand.createKey(t, account, "k")
	if who := c.hand.as(key).must(t, http.MethodGet, "/current-user", nil); acctest.At(who, "id") != account {
		t.Error("the key is taken for somebody else")
	}
	if acctest.At(c.hand.readKey(t, account, id), "metadata", "last_login") == nil {
		t.Error("the use is not noted")
	}
}

func cookieWins(t *testing.T, c contract) {
	cookie, _, _ := strings.Cut(c.hand.login(t, c.password()).Header.Get("Set-Cookie"), ";")
	name, _, _ := strings.Cut(cookie, "=")
	got := c.hand.as("junk").send(t, call{method: http.MethodGet, path: accountsPath, header: map[string]string{"Cookie": cookie}})
	if got.Status != http.StatusOK {
		t.Errorf("a good cookie beside a bad bearer answered %d", got.Status)
	}
	got = c.hand.send(t, call{method: http.MethodGet, path: accountsPath, header: map[string]string{"Cookie": name + "=junk"}})
	if got.Status != http.StatusUnauthorized {
		t.Errorf("a bad cookie beside a good bearer answered %d", got.Status)
	}
}

func currentUser(t *testing.T, c contract) {
	who := c.hand.must(t, http.MethodGet, "/current-user", nil)
	if acctest.At(who, "name") != c.env["ZENML_USERNAME"] || acctest.At(who, "body", "is_admin") != true || acctest.At(who, "body", "is_service_account") != false {
		t.Errorf("the admin is told to be %v", who)
	}
	account, name := c.newAccount(t)
	_, key := c.hand.createKey(t, account, "k")
	caller, _ := c.hand.loginWithKey(t, key)
	who = caller.must(t, http.MethodGet, "/current-user", nil)
	if acctest.At(who, "id") != account || acctest.At(who, "name") != name || acctest.At(who, "body", "is_admin") != false || acctest.At(who, "body", "is_service_account") != true {
		t.Errorf("the service account is told to be %v", who)
	}
}

func apiToken(t *testing.T, c contract) {
	got := c.get(t, "/api/v1/api_token?token_type=generic&expires_in=120")
	expect(t, got, http.StatusOK, aToken)
	if t.Failed() {
		return
	}
	who := c.hand.as(got.Body.(string)).must(t, http.MethodGet, "/current-user", nil)
	if acctest.At(who, "body", "is_admin") != true {
		t.Error("an admin's token is no admin's")
	}
}

func logout(t *testing.T, c contract) {
	caller := c.hand.loginAs(t, c.env["ZENML_USERNAME"], c.env["ZENML_PASSWORD"])
	caller.must(t, http.MethodGet, "/logout", nil)
	caller.must(t, http.MethodGet, "/current-user", nil)
}
