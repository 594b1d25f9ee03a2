package neowit_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// server is the sandbox of a test, with a hand that may do everything in it.
type server struct {
	box  *acctest.Box
	env  map[string]string
	hand hand
	// own is the organization of the caller, child is one that belongs to it, and foreign does not.
	own, child, foreign string
}

// target starts a sandbox for a test. What is made in it is an hour old at once, so that nothing of it is waited for
// when it is missing.
func target(t testing.TB) server {
	t.Helper()
	box := acctest.Sandbox(t)
	env := box.Env()
	made := server{box: box, env: env, hand: hand{url: env["NEOWIT_BASE_URL"]}.loginAs(t, env), own: env["TF_VAR_neowit_org_id"]}
	for _, organization := range made.objects(t)["organizations"] {
		switch {
		case organization.Parent == made.own:
			made.child = organization.ID
		case organization.ID != made.own:
			made.foreign = organization.ID
		}
	}
	box.Set(t, "clock", map[string]string{"offset": "-1h"})
	box.ForgetRequests(t) // of the hand's login
	return made
}

// object is one thing in the sandbox.
type object struct {
	ID              string `json:"id"`
	Parent          string `json:"parent"`
	Name            string `json:"name"`
	Seeded          bool   `json:"seeded"`
	EnableBasicAuth bool   `json:"enable_basic_auth"`
}

// objects lists what the sandbox holds of this system, by noun.
func (s server) objects(t testing.TB) map[string][]object {
	t.Helper()
	got := acctest.Call{Method: http.MethodGet, URL: s.box.URL + "/_sandbox/objects"}.Send(t)
	var all map[string]map[string][]object
	if err := json.Unmarshal([]byte(got.Text), &all); err != nil {
		t.Fatal(err)
	}
	return all["neowit"]
}

// account is the account of an id as the sandbox holds it; zero if there is none.
func (s server) account(t testing.TB, id string) object {
	t.Helper()
	for _, account := range s.objects(t)["service_accounts"] {
		if account.ID == id {
			return account
		}
	}
	return object{}
}

// answered counts the requests of a method that were answered with a status; 0 stands for any.
func (s server) answered(t testing.TB, method string, status int) int {
	t.Helper()
	return s.box.Count(t, func(request acctest.RequestCount) bool {
		return request.Method == method && !request.Token && (status == 0 || request.Status == status)
	})
}

func (s server) set(t testing.TB, name, value string) {
	t.Helper()
	s.box.Set(t, "neowit", map[string]string{name: value})
}

// hand does by wire what somebody else might do beside Terraform. It shares no code with the client under test, so a
// mistake in that client cannot hide here too.
type hand struct {
	url           string
	authorization string
}

// secretText is what a secret or a token looks like.
var secretText = regexp.MustCompile(`[0-9A-Za-z_-]{32,}`)

// shown is the body as it may stand in a failure.
func shown(r acctest.Reply) string { return secretText.ReplaceAllString(r.Text, "(secret)") }

// loginAs logs in as the service account that an environment names.
func (h hand) loginAs(t testing.TB, env map[string]string) hand {
	t.Helper()
	caller, ok := h.login(t, env["NEOWIT_SERVICE_ACCOUNT_ID"], env["NEOWIT_KEY_ID"], env["NEOWIT_SECRET"])
	if !ok {
		t.Fatal("the server refuses the login")
	}
	return caller
}

// login exchanges an assertion for a token. The second result is false if the server refuses it.
func (h hand) login(t testing.TB, account, keyID, secret string) (hand, bool) {
	t.Helper()
	part := func(value any) string {
		encoded, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		return base64.RawURLEncoding.EncodeToString(encoded)
	}
	address := h.url + "/auth/oauth/token"
	now := time.Now().Unix()
	signed := part(map[string]any{"alg": "HS256", "kid": keyID}) + "." +
		part(map[string]any{"iat": now, "exp": now + 600, "aud": address, "iss": account, "sub": account})
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(signed))
	form := url.Values{
		"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"},
		"assertion":  {signed + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))},
	}
	got := acctest.Call{Method: http.MethodPost, URL: address, Form: form}.Send(t)
	token, _ := acctest.At(got.Body, "access_token").(string)
	return h.as("Bearer " + token), got.Status == http.StatusOK
}

func (h hand) as(authorization string) hand { return hand{url: h.url, authorization: authorization} }

// call sends a request about an account, <id>, or a key, <id>/key/<id>; "" is the list. A nil body is not sent.
func (h hand) call(t testing.TB, method, name string, body any) acctest.Reply {
	t.Helper()
	address := strings.TrimSuffix(h.url+"/service-account/v1/service-account/"+name, "/")
	address = strings.Replace(address, "/?", "?", 1)
	return acctest.Call{Method: method, URL: address, Authorization: h.authorization, JSON: body}.Send(t)
}

// must is [hand.call], and fails the test unless it works.
func (h hand) must(t testing.TB, method, name string, body any) any {
	t.Helper()
	got := h.call(t, method, name, body)
	if got.Status < 200 || got.Status > 299 {
		t.Fatalf("%s %s answered %d: %s", method, name, got.Status, shown(got))
	}
	return got.Body
}

func (h hand) patch(t testing.TB, account string, fields map[string]any) {
	t.Helper()
	h.must(t, http.MethodPatch, account, fields)
}

func (h hand) delete(t testing.TB, name string) {
	t.Helper()
	h.must(t, http.MethodDelete, name, nil)
}

// createAccount makes a service account; an organization of "" is the caller's own.
func (h hand) createAccount(t testing.TB, organization, name string) (id string) {
	t.Helper()
	query := ""
	if organization != "" {
		query = "?orgId=" + organization
	}
	return acctest.At(h.must(t, http.MethodPost, query, map[string]any{"name": name}), "id").(string)
}

// createKey makes a key of an account of the caller's organization.
func (h hand) createKey(t testing.TB, account string) (id, secret string) {
	t.Helper()
	made := h.must(t, http.MethodPost, account+"/key", map[string]any{})
	return acctest.At(made, "keyId").(string), acctest.At(made, "secret").(string)
}

// caller makes a service account with a key, and returns the environment of a provider that logs in as it.
func (s server) caller(t testing.TB) (account string, env map[string]string) {
	t.Helper()
	account = s.hand.createAccount(t, "", "caller")
	key, secret := s.hand.createKey(t, account)
	env = acctest.With(s.env, "NEOWIT_SERVICE_ACCOUNT_ID", account)
	env["NEOWIT_KEY_ID"], env["NEOWIT_SECRET"] = key, secret
	s.box.ForgetRequests(t)
	return account, env
}
