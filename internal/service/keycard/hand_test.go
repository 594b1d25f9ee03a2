package keycard_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

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
	got := hand{}.send(t, http.MethodGet, s.box.URL+"/_sandbox/objects", "", nil)
	var all map[string]map[string][]object
	if err := json.Unmarshal([]byte(got.text), &all); err != nil {
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

// orphans lists what the sandbox holds that was not there at the start.
func (s server) orphans(t testing.TB) []acctest.Object {
	t.Helper()
	var all []acctest.Object
	for _, objects := range s.box.AllObjects(t)["keycard"] {
		all = append(all, objects...)
	}
	return all
}

func (s server) mustBeEmpty(t testing.TB) {
	t.Helper()
	if left := s.orphans(t); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// answered counts the requests of a method that were answered with a status; 0 stands for any.
func (s server) answered(t testing.TB, method string, status int) int {
	t.Helper()
	return s.routed(t, method, "", status)
}

// routed counts those of a route that ends like this.
func (s server) routed(t testing.TB, method, suffix string, status int) int {
	t.Helper()
	count := 0
	for _, request := range s.box.Requests(t) {
		if request.Method == method && !request.Token && strings.HasSuffix(request.Route, suffix) && (status == 0 || request.Status == status) {
			count += request.Count
		}
	}
	return count
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

var wire = &http.Client{Timeout: time.Minute}

// hand does by wire what somebody else might do beside Terraform. It shares no code with the client under test, so a
// mistake in that client cannot hide here too.
type hand struct {
	url, organization string
	authorization     string
}

// reply is what came back. The body is parsed JSON, or nil where it is none.
type reply struct {
	status int
	body   any
	text   string
}

// secretText is what a secret or a token looks like.
var secretText = regexp.MustCompile(`[0-9A-Za-z_.-]{60,}`)

// login exchanges a credential for a token, in the form, or else as HTTP Basic. The second result is false if the server
// refuses it.
func (h hand) login(t testing.TB, clientID, secret string) (hand, bool) {
	t.Helper()
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {clientID}, "client_secret": {secret}}
	const formType = "application/x-www-form-urlencoded"
	got := hand{}.send(t, http.MethodPost, h.url+"/service-account-token", formType, strings.NewReader(form.Encode()))
	if got.status != http.StatusOK {
		basic := "Basic " + base64.StdEncoding.EncodeToString([]byte(clientID+":"+secret))
		got = hand{authorization: basic}.send(t, http.MethodPost, h.url+"/service-account-token", formType, strings.NewReader("grant_type=client_credentials"))
	}
	token, _ := at(got.body, "access_token").(string)
	return hand{url: h.url, organization: h.organization, authorization: "Bearer " + token}, got.status == http.StatusOK && token != ""
}

// call sends a request about the service accounts, or about <account>, <account>/credentials or
// <account>/credentials/<credential>. A nil body is not sent.
func (h hand) call(t testing.TB, method, name string, body any) reply {
	t.Helper()
	address := strings.TrimSuffix(h.url+"/organizations/"+h.organization+"/service-accounts/"+name, "/")
	if body == nil {
		return h.send(t, method, address, "", nil)
	}
	encoded, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return h.send(t, method, address, "application/json", bytes.NewReader(encoded))
}

func (h hand) send(t testing.TB, method, address, contentType string, body io.Reader) reply {
	t.Helper()
	// Clean-ups call this too, when the test's own context has ended.
	request, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), method, address, body)
	if err != nil {
		t.Fatal(err)
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	if h.authorization != "" {
		request.Header.Set("Authorization", h.authorization)
	}
	response, err := wire.Do(request)
	if err != nil {
		t.Fatalf("%s %s: %v", method, address, err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, address, err)
	}
	got := reply{status: response.StatusCode, text: string(text)}
	if json.Unmarshal(text, &got.body) != nil {
		got.body = nil
	}
	return got
}

// must is [hand.call], and fails the test unless it works.
func (h hand) must(t testing.TB, method, name string, body any) any {
	t.Helper()
	got := h.call(t, method, name, body)
	if got.status < 200 || got.status > 299 {
		t.Fatalf("%s %s answered %d: %s", method, name, got.status, secretText.ReplaceAllString(got.text, "(secret)"))
	}
	return got.body
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
	return at(h.must(t, http.MethodPost, "", map[string]any{"name": name}), "id").(string)
}

func (h hand) createCredential(t testing.TB, account, name string) (id, clientID, secret string) {
	t.Helper()
	made := h.must(t, http.MethodPost, account+"/credentials", map[string]any{"name": name})
	return at(made, "id").(string), at(made, "client_id").(string), at(made, "client_secret").(string)
}

// at digs into parsed JSON. It is nil where there is nothing.
func at(value any, names ...string) any {
	for _, name := range names {
		object, _ := value.(map[string]any)
		value = object[name]
	}
	return value
}
