package keycardapi_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
	"github.com/machineid/terraform-provider-machineid/internal/rest/resttest"
	"github.com/machineid/terraform-provider-machineid/internal/service/keycard/keycardapi"
)

const (
	organizations = "/organizations"
	organization  = organizations + "/acme"
	accounts      = organization + "/service-accounts"
	account       = accounts + "/sa1"
	credentials   = account + "/credentials"
	credential    = credentials + "/k1"
	login         = "POST /service-account-token"

	clientID = "A1b2C3d4E5f6G7h8I9j0K"
	// Escaped for a form, this secret looks otherwise.
	secret = "0123456789/abc+def %ABC:DEF="

	organizationJSON = `{"id":"org1","name":"Acme","label":"acme","sso_enabled":true,"created_at":"2026-01-02T03:04:05Z","updated_at":"2026-01-02T03:04:06Z"}`
	otherJSON        = `{"id":"org2","name":"Globex","label":"globex","created_at":"2026-01-02T03:04:05Z","updated_at":"2026-01-02T03:04:06Z"}`
	accountJSON      = `{"id":"sa1","name":"ci","description":"builds","created_at":"2026-01-02T03:04:05.678Z","updated_at":"2026-01-02T03:04:06Z"}`
	credentialJSON   = `{"id":"k1","client_id":"cid1","name":"main","created_at":"2026-01-02T03:04:05Z"}`
	createdJSON      = `{"id":"k1","client_id":"cid1","client_secret":"n3w-s3cr3t","name":"main","created_at":"2026-01-02T03:04:05Z"}`

	missing   = `{"message":"not found","code":"not_found","status":404}`
	page      = `<!DOCTYPE html><html><body><h1>404 Not Found</h1></body></html>`
	emptyList = `{"items":[],"page_info":{"has_next_page":false,"has_prev_page":false}}`
)

type answer struct {
	status int
	body   string
}

// server answers what a test wants, and what every client asks for if a test has no answer to it.
type server struct {
	*resttest.Script
	t       *testing.T
	answers map[string][]answer
}

func serve(t *testing.T, answers map[string][]answer) *server {
	t.Helper()
	s := &server{Script: resttest.NewScript(t), t: t, answers: answers}
	for route, list := range answers {
		for _, given := range list {
			s.Answer(route, given.status, given.body)
		}
	}
	if len(answers[login]) == 0 {
		s.Answer(login, 200, `{"access_token":"token-of-this-test","token_type":"Bearer","expires_in":3600}`)
	}
	return s
}

// requestID is what a request names itself by.
func requestID(request resttest.Request) string { return request.Header.Get("X-Client-Request-ID") }

func (s *server) config() keycardapi.Config {
	return keycardapi.Config{BaseURL: s.URL, ClientID: clientID, ClientSecret: secret, HTTP: rest.HTTP{Timeout: 5 * time.Second}}
}

func (s *server) client() *keycardapi.Client { return newClient(s.t, s.config()) }

func newClient(t *testing.T, config keycardapi.Config) *keycardapi.Client {
	t.Helper()
	client, err := keycardapi.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestAddressesThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	for setting, config := range map[string]keycardapi.Config{
		"base URL":  {BaseURL: "http://api.example.com"},
		"token URL": {BaseURL: "https://api.example.com", TokenURL: "http://api.example.com/token"},
	} {
		_, err := keycardapi.New(config)
		var address *keycardapi.AddressError
		if !errors.As(err, &address) || address.Setting != setting || !strings.Contains(err.Error(), setting) || !strings.Contains(err.Error(), "https") {
			t.Errorf("%s: %v", setting, err)
		}
	}
}

func TestAnIDIsOneSegmentOfThePath(t *testing.T) {
	t.Parallel()
	s := serve(t, nil)
	for _, id := range []string{"", ".", ".."} {
		if _, err := s.client().ServiceAccount(t.Context(), "acme", id, time.Time{}, false); !strings.Contains(errorText(err), "cannot be addressed") {
			t.Errorf("%q: %v", id, err)
		}
	}
	if len(s.Requests("GET "+accounts)) > 0 {
		t.Errorf("requests were sent: %v", s.All())
	}
}

// Each request has an id of its own, by which the vendor finds it; an error tells it.
func TestEachRequestHasAnID(t *testing.T) {
	t.Parallel()
	answers := map[string][]answer{login: {{500, `{}`}, {200, `{"access_token":"token-of-this-test"}`}}}
	for _, call := range everyCall {
		answers[call.route] = []answer{{409, `{}`}}
	}
	s := serve(t, answers)
	client := s.client()
	first := everyCall[0].do(t, client)
	if failed, ok := rest.AsError(first); !ok || !keycardapi.IsLogin(first) || failed.RequestID != requestID(s.Requests(login)[0]) {
		t.Errorf("the login's error does not tell its id: %v", first)
	}
	for _, call := range everyCall {
		err := call.do(t, client)
		if failed, ok := rest.AsError(err); !ok || !keycardapi.IsConflict(err) || failed.RequestID != requestID(s.Requests(call.route)[0]) {
			t.Errorf("%s: the error does not tell the id: %v", call.route, err)
		}
	}
	used := map[string]bool{}
	for _, request := range s.All() {
		id := requestID(request)
		if used[id] || uuid.Validate(id) != nil {
			t.Errorf("%s has the id %q", request.Route, id)
		}
		used[id] = true
	}
	if want := len(everyCall) + 2; len(s.All()) != want {
		t.Errorf("%d requests, want %d", len(s.All()), want)
	}
}
