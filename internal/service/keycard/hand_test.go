package keycard_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// server is the sandbox of a test, with a hand that may do everything in its organization.
type server struct {
	box  *acctest.Box
	env  map[string]string
	hand hand
	// own is the organization of the caller, by id.
	own string
	// hours is how far the server's clock was moved.
	hours *int
}

// The labels of the organizations that every sandbox has: the caller's, one with an account, and one with nothing.
const ownLabel, foreignLabel, emptyLabel = "acme", "umbrella", "globex"

func target(t testing.TB) server {
	t.Helper()
	box := acctest.Sandbox(t)
	env := box.Env()
	own := env["TF_VAR_keycard_organization_id"]
	caller, ok := hand{url: env["KEYCARD_ENDPOINT"], organization: own}.login(t, env["KEYCARD_CLIENT_ID"], env["KEYCARD_CLIENT_SECRET"])
	if !ok {
		t.Fatal("the server refuses the login")
	}
	made := server{box: box, env: env, hand: caller, own: own, hours: new(int)}
	box.ForgetRequests(t) // of the hand's login
	return made
}

// later moves the server's clock on, so that nothing of what was made until then is waited for when it is missing.
func (s server) later(t testing.TB) {
	t.Helper()
	*s.hours++
	s.box.Set(t, "clock", map[string]string{"offset": fmt.Sprintf("%dh", *s.hours)})
}

// object is one account or credential in the sandbox.
type object struct {
	ID          string `json:"id"`
	Parent      string `json:"parent"`
	Name        string `json:"name"`
	Description string `json:"description"`
	ClientID    string `json:"client_id"`
	Seeded      bool   `json:"seeded"`
}

const accounts, credentials = "service_accounts", "service_account_credentials"

// objects lists what the sandbox holds of a noun, also what was there at the start.
func (s server) objects(t testing.TB, noun string) []object {
	t.Helper()
	got := acctest.Call{Method: http.MethodGet, URL: s.box.URL + "/_sandbox/objects"}.Send(t)
	var all map[string]map[string][]object
	if err := json.Unmarshal([]byte(got.Text), &all); err != nil {
		t.Fatal(err)
	}
	return all["keycard"][noun]
}

// held is the object of an id as the sandbox holds it; zero if there is none.
func (s server) held(t testing.TB, noun, id string) object {
	t.Helper()
	for _, found := range s.objects(t, noun) {
		if found.ID == id {
			return found
		}
	}
	return object{}
}

// seeded is what was there at the start in an organization: the account, and its credential.
func (s server) seeded(t testing.TB, foreign bool) (account, credential object) {
	t.Helper()
	for _, found := range s.objects(t, accounts) {
		if found.Seeded && (found.Parent != s.own) == foreign {
			account = found
		}
	}
	for _, found := range s.objects(t, credentials) {
		if found.Seeded && found.Parent == account.ID {
			credential = found
		}
	}
	return account, credential
}

// answered counts the requests of a method that were answered with a status; 0 stands for any.
func (s server) answered(t testing.TB, method string, status int) int {
	t.Helper()
	return s.routed(t, method, "", status)
}

// routed counts those of a route that ends like this.
func (s server) routed(t testing.TB, method, suffix string, status int) int {
	t.Helper()
	return s.box.Count(t, func(request acctest.RequestCount) bool {
		return request.Method == method && !request.Token && strings.HasSuffix(request.Route, suffix) && (status == 0 || request.Status == status)
	})
}

func (s server) set(t testing.TB, pairs ...string) {
	t.Helper()
	switches := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		switches[pairs[i]] = pairs[i+1]
	}
	s.box.Set(t, "keycard", switches)
}

// fault spoils the requests of a method to a path, from now on.
func (s server) fault(t testing.TB, method, path, kind string, more ...map[string]any) {
	t.Helper()
	fault := map[string]any{"system": "keycard", "method": method, "path": path, "kind": kind}
	for _, fields := range more {
		for name, value := range fields {
			fault[name] = value
		}
	}
	s.box.Fault(t, fault)
}

// caller makes a service account with a credential, and returns the environment of a provider that logs in with it.
func (s server) caller(t testing.TB) (account, credential string, env map[string]string) {
	t.Helper()
	account = s.hand.createAccount(t, "caller")
	credential, clientID, secret := s.hand.createCredential(t, account, "way in")
	env = acctest.With(acctest.With(s.env, "KEYCARD_CLIENT_ID", clientID), "KEYCARD_CLIENT_SECRET", secret)
	s.box.ForgetRequests(t)
	return account, credential, env
}

// accepts tells if the server takes a credential.
func (s server) accepts(t testing.TB, clientID, secret string) bool {
	t.Helper()
	_, accepted := s.hand.login(t, clientID, secret)
	return accepted
}

// hand does by wire what somebody else might do beside Terraform. It shares no code with the client under test, so a
// mistake in that client cannot hide here too.
type hand struct {
	url, organization string
	authorization     string
}

// secretText is what a secret or a token looks like.
var secretText = regexp.MustCompile(`[0-9A-Za-z_.-]{60,}`)

// login exchanges a credential for a token, in the form, or else as HTTP Basic. The second result is false if the server
// refuses it.
func (h hand) login(t testing.TB, clientID, secret string) (hand, bool) {
	t.Helper()
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {clientID}, "client_secret": {secret}}
	got := acctest.Call{Method: http.MethodPost, URL: h.url + "/service-account-token", Form: form}.Send(t)
	if got.Status != http.StatusOK {
		basic := "Basic " + base64.StdEncoding.EncodeToString([]byte(clientID+":"+secret))
		form = url.Values{"grant_type": {"client_credentials"}}
		got = acctest.Call{Method: http.MethodPost, URL: h.url + "/service-account-token", Authorization: basic, Form: form}.Send(t)
	}
	token, _ := acctest.At(got.Body, "access_token").(string)
	return hand{url: h.url, organization: h.organization, authorization: "Bearer " + token}, got.Status == http.StatusOK && token != ""
}

// call sends a request about the service accounts, or about <account>, <account>/credentials or
// <account>/credentials/<credential>. A nil body is not sent.
func (h hand) call(t testing.TB, method, name string, body any) acctest.Reply {
	t.Helper()
	address := strings.TrimSuffix(h.url+"/organizations/"+h.organization+"/service-accounts/"+name, "/")
	return acctest.Call{Method: method, URL: address, Authorization: h.authorization, JSON: body}.Send(t)
}

// must is [hand.call], and fails the test unless it works.
func (h hand) must(t testing.TB, method, name string, body any) any {
	t.Helper()
	got := h.call(t, method, name, body)
	if got.Status < 200 || got.Status > 299 {
		t.Fatalf("%s %s answered %d: %s", method, name, got.Status, secretText.ReplaceAllString(got.Text, "(secret)"))
	}
	return got.Body
}

func (h hand) patch(t testing.TB, name string, fields map[string]any) {
	t.Helper()
	h.must(t, http.MethodPatch, name, fields)
}

func (h hand) delete(t testing.TB, name string) {
	t.Helper()
	h.must(t, http.MethodDelete, name, nil)
}

func (h hand) createAccount(t testing.TB, name string) (id string) {
	t.Helper()
	return acctest.At(h.must(t, http.MethodPost, "", map[string]any{"name": name}), "id").(string)
}

func (h hand) createCredential(t testing.TB, account, name string) (id, clientID, secret string) {
	t.Helper()
	made := h.must(t, http.MethodPost, account+"/credentials", map[string]any{"name": name})
	return acctest.At(made, "id").(string), acctest.At(made, "client_id").(string), acctest.At(made, "client_secret").(string)
}
