package zenml_test

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// server is what a test runs against: a real ZenML server if the environment names one, else a sandbox of its own.
type server struct {
	env     map[string]string
	hand    hand
	real    bool
	version string
	// box is the sandbox, nil on a real server.
	box *acctest.Box
}

// target finds the server for a test. Real servers are shared by all tests, so names must be unique; see [unique].
func target(t *testing.T) server {
	t.Helper()
	if address := os.Getenv("TESTACC_ZENML_SERVER_URL"); address != "" {
		env := map[string]string{
			"ZENML_SERVER_URL": address,
			"ZENML_USERNAME":   os.Getenv("TESTACC_ZENML_USERNAME"),
			"ZENML_PASSWORD":   os.Getenv("TESTACC_ZENML_PASSWORD"),
		}
		admin := hand{url: address}
		realAdmin.Do(func() { realAdminToken = admin.loginAs(t, env["ZENML_USERNAME"], env["ZENML_PASSWORD"]).token })
		admin.token = realAdminToken
		return server{env: env, hand: admin, real: true, version: os.Getenv("TESTACC_ZENML_VERSION")}
	}
	box := acctest.Sandbox(t)
	env := box.Env()
	admin := hand{url: env["ZENML_SERVER_URL"]}.loginAs(t, env["ZENML_USERNAME"], env["ZENML_PASSWORD"])
	return server{env: env, hand: admin, version: newest, box: box}
}

// newest is the version that the sandbox takes after unless it is told otherwise.
const newest = "0.98.0"

// A password costs the real server half a second each time, so one login serves all tests.
var (
	realAdmin      sync.Once
	realAdminToken string
)

// unique makes a name that no other test uses. Objects of one test share their prefix.
func unique(prefix string) string { return prefix + "-" + strings.ToLower(rand.Text()[:10]) }

// hand does by wire what somebody else might do beside Terraform. It shares no code with the client under test, so a
// mistake in that client cannot hide here too.
type hand struct {
	url string
	// token is sent as the bearer: an access token, or an API key in its place.
	token string
}

// call is a request; what is left empty is not sent.
type call struct {
	method, path string
	header       map[string]string
	json         any
	text         string
	form         url.Values
}

// secretText is what a key or a token looks like.
var secretText = regexp.MustCompile(`ZENKEY_[A-Za-z0-9+/=]+|eyJ[A-Za-z0-9_.-]+`)

// shown is the body as it may stand in a failure.
func shown(r acctest.Reply) string { return secretText.ReplaceAllString(r.Text, "(secret)") }

// do sends JSON to a path below /api/v1 and returns what came back.
func (h hand) do(t testing.TB, method, path string, body any) (status int, header http.Header, answer any) {
	t.Helper()
	got := h.send(t, call{method: method, path: "/api/v1" + path, json: body})
	return got.Status, got.Header, got.Body
}

// send sends a request to a path below the server's address.
func (h hand) send(t testing.TB, c call) acctest.Reply {
	t.Helper()
	bearer := ""
	if h.token != "" {
		bearer = "Bearer " + h.token
	}
	return acctest.Call{
		Method: c.method, URL: h.url + c.path, Authorization: bearer, Header: c.header, JSON: c.json, Text: c.text, Form: c.form,
	}.Send(t)
}

// must sends JSON to a path below /api/v1 and fails the test unless it works.
func (h hand) must(t testing.TB, method, path string, body any) any {
	t.Helper()
	status, _, answer := h.do(t, method, path, body)
	if status != http.StatusOK {
		t.Fatalf("%s %s answered %d: %v", method, path, status, answer)
	}
	return answer
}

// as is the same hand with another bearer.
func (h hand) as(token string) hand { return hand{url: h.url, token: token} }

func (h hand) login(t testing.TB, form url.Values) acctest.Reply {
	t.Helper()
	return h.as("").send(t, call{method: http.MethodPost, path: "/api/v1/login", form: form})
}

// loginAs logs a user in and returns their hand.
func (h hand) loginAs(t testing.TB, username, password string) hand {
	t.Helper()
	got := h.login(t, url.Values{"username": {username}, "password": {password}})
	token, _ := acctest.At(got.Body, "access_token").(string)
	if got.Status != http.StatusOK || token == "" {
		t.Fatalf("a login as %s answered %d", username, got.Status)
	}
	return h.as(token)
}

// loginWithKey logs in with an API key. The second result is false if the server refuses the key.
func (h hand) loginWithKey(t testing.TB, key string) (hand, bool) {
	t.Helper()
	got := h.login(t, url.Values{"password": {key}})
	switch got.Status {
	case http.StatusOK:
		return h.as(acctest.At(got.Body, "access_token").(string)), true
	case http.StatusUnauthorized:
		return hand{}, false
	}
	t.Fatalf("a login with a key answered %d", got.Status)
	return hand{}, false
}

// useKey logs in with a key and reads something, so that the server notes a use.
func (h hand) useKey(t testing.TB, key string) {
	t.Helper()
	caller, ok := h.loginWithKey(t, key)
	if !ok {
		t.Fatal("the server refuses the key")
	}
	caller.must(t, http.MethodGet, "/current-user", nil)
}

// createAccount makes an active service account and returns its id.
func (h hand) createAccount(t testing.TB, name string) string {
	t.Helper()
	made := h.must(t, http.MethodPost, "/service_accounts", map[string]any{"name": name, "active": true})
	return acctest.At(made, "id").(string)
}

// createKey makes a key and returns its id and value.
func (h hand) createKey(t testing.TB, account, name string) (id, key string) {
	t.Helper()
	made := h.must(t, http.MethodPost, "/service_accounts/"+account+"/api_keys", map[string]any{"name": name})
	return acctest.At(made, "id").(string), acctest.At(made, "body", "key").(string)
}

// updateAccount changes fields of an account, for example its name.
func (h hand) updateAccount(t testing.TB, account string, fields map[string]any) {
	t.Helper()
	h.must(t, http.MethodPut, "/service_accounts/"+account, fields)
}

// updateKey changes fields of a key, for example active to false.
func (h hand) updateKey(t testing.TB, account, key string, fields map[string]any) {
	t.Helper()
	h.must(t, http.MethodPut, "/service_accounts/"+account+"/api_keys/"+key, fields)
}

// rotateKey rotates a key and returns the new value; the old one stays valid for the minutes given.
func (h hand) rotateKey(t testing.TB, account, key string, retainMinutes int) string {
	t.Helper()
	rotated := h.must(t, http.MethodPut, "/service_accounts/"+account+"/api_keys/"+key+"/rotate",
		map[string]any{"retain_period_minutes": retainMinutes})
	return acctest.At(rotated, "body", "key").(string)
}

func (h hand) readKey(t testing.TB, account, key string) any {
	t.Helper()
	return h.must(t, http.MethodGet, "/service_accounts/"+account+"/api_keys/"+key, nil)
}

func (h hand) deleteAccount(t testing.TB, account string) {
	t.Helper()
	h.must(t, http.MethodDelete, "/service_accounts/"+account, nil)
}

func (h hand) deleteKey(t testing.TB, account, key string) {
	t.Helper()
	h.must(t, http.MethodDelete, "/service_accounts/"+account+"/api_keys/"+key, nil)
}

// countAccounts counts the service accounts whose name has a prefix.
func (h hand) countAccounts(t testing.TB, prefix string) int {
	t.Helper()
	return h.count(t, "/service_accounts", prefix)
}

// countKeys counts the keys of an account whose name has a prefix.
func (h hand) countKeys(t testing.TB, account, prefix string) int {
	t.Helper()
	return h.count(t, "/service_accounts/"+account+"/api_keys", prefix)
}

func (h hand) count(t testing.TB, path, prefix string) int {
	t.Helper()
	found := 0
	// The names are compared here, not by a filter: this must not err as the code under test might.
	for _, item := range acctest.At(h.must(t, http.MethodGet, path+"?size=10000", nil), "items").([]any) {
		if strings.HasPrefix(acctest.At(item, "name").(string), prefix) {
			found++
		}
	}
	return found
}
