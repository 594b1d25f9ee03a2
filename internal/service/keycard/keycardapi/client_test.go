package keycardapi_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
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

// cut is the status of a connection that ends without an answer.
const cut = 0

// exchange is one request as the server saw it.
type exchange struct {
	route, query, body, contentType, authorization, id string
}

type answer struct {
	status int
	body   string
}

// server answers each "METHOD /path" with what stands first in its list; the last answer stays.
type server struct {
	t       *testing.T
	mu      sync.Mutex
	answers map[string][]answer
	seen    []exchange
	url     string
	// date is what the server's clock tells; "" for the true time.
	date string
	// before is called ahead of each answer, while the client waits for it; nil for nothing.
	before func(*http.Request)
}

func serve(t *testing.T, answers map[string][]answer) *server {
	t.Helper()
	s := &server{t: t, answers: answers}
	listener := httptest.NewServer(s)
	t.Cleanup(listener.Close)
	s.url = listener.URL
	return s
}

// ServeHTTP implements [http.Handler].
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	given := s.note(r, string(body))
	if s.before != nil {
		s.before(r)
	}
	if given.status == cut {
		panic(http.ErrAbortHandler)
	}
	if s.date != "" {
		w.Header().Set("Date", s.date)
	}
	w.Header().Set("Content-Type", "application/json")
	if strings.HasPrefix(given.body, "<") {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
	}
	w.WriteHeader(given.status)
	_, _ = w.Write([]byte(given.body))
}

// note remembers a request and returns its answer.
func (s *server) note(r *http.Request, body string) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	route := r.Method + " " + r.URL.Path
	s.seen = append(s.seen, exchange{
		route: route, query: r.URL.RawQuery, body: body, id: r.Header.Get("X-Client-Request-ID"),
		contentType: r.Header.Get("Content-Type"), authorization: r.Header.Get("Authorization"),
	})
	answers := s.answers[route]
	switch {
	case len(answers) == 0 && route == login:
		return answer{200, `{"access_token":"token-of-this-test","token_type":"Bearer","expires_in":3600}`}
	case len(answers) == 0:
		return answer{http.StatusTeapot, `{"message":"no such route in this test"}`}
	case len(answers) > 1:
		s.answers[route] = answers[1:]
	}
	return answers[0]
}

// requests are those of a route so far.
func (s *server) requests(route string) []exchange {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []exchange
	for _, request := range s.seen {
		if request.route == route {
			found = append(found, request)
		}
	}
	return found
}

func (s *server) config() keycardapi.Config {
	return keycardapi.Config{BaseURL: s.url, ClientID: clientID, ClientSecret: secret, HTTP: rest.HTTP{Timeout: 5 * time.Second}}
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
	if len(s.requests("GET "+accounts)) > 0 {
		t.Errorf("requests were sent: %v", s.seen)
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
	if failed, ok := rest.AsError(first); !ok || !keycardapi.IsLogin(first) || failed.RequestID != s.requests(login)[0].id {
		t.Errorf("the login's error does not tell its id: %v", first)
	}
	for _, call := range everyCall {
		err := call.do(t, client)
		if failed, ok := rest.AsError(err); !ok || !keycardapi.IsConflict(err) || failed.RequestID != s.requests(call.route)[0].id {
			t.Errorf("%s: the error does not tell the id: %v", call.route, err)
		}
	}
	used := map[string]bool{}
	for _, request := range s.seen {
		if used[request.id] || uuid.Validate(request.id) != nil {
			t.Errorf("%s has the id %q", request.route, request.id)
		}
		used[request.id] = true
	}
	if want := len(everyCall) + 2; len(s.seen) != want {
		t.Errorf("%d requests, want %d", len(s.seen), want)
	}
}
