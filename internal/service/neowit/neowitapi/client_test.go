package neowitapi_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
	"github.com/machineid/terraform-provider-machineid/internal/service/neowit/neowitapi"
)

const (
	list    = "/api/service-account/v1/service-account"
	account = list + "/sa1"
	keys    = account + "/key"
	login   = "POST /api/auth/oauth/token"
	secret  = "0123456789abcdefghijABCDEFGHIJ_-"

	accountJSON = `{"id":"sa1","name":"ci","enableBasicAuth":true,"created":1636044728,"keys":[{"keyId":"k1","created":1636044729}]}`
	otherJSON   = `{"id":"sa2","name":"other","created":1636044728}`
	missing     = `{"reason":"not found","status":"not found","traceID":"t1"}`
	page        = `<!DOCTYPE html><html><body><h1>404 Not Found</h1></body></html>`
)

// exchange is one request as the server saw it.
type exchange struct {
	route, query, body, contentType, authorization string
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
	route := r.Method + " " + r.URL.Path
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = append(s.seen, exchange{
		route: route, query: r.URL.RawQuery, body: string(body),
		contentType: r.Header.Get("Content-Type"), authorization: r.Header.Get("Authorization"),
	})
	answers := s.answers[route]
	switch {
	case len(answers) == 0 && route == login:
		answers = []answer{{200, `{"access_token":"token-of-this-test","token_type":"Bearer","expires_in":3600}`}}
	case len(answers) == 0:
		answers = []answer{{http.StatusTeapot, `{"reason":"no such route in this test"}`}}
	case len(answers) > 1:
		s.answers[route] = answers[1:]
	}
	w.Header().Set("Content-Type", "application/json")
	if strings.HasPrefix(answers[0].body, "<") {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
	}
	w.WriteHeader(answers[0].status)
	_, _ = w.Write([]byte(answers[0].body))
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

func (s *server) config() neowitapi.Config {
	return neowitapi.Config{
		BaseURL: s.url + "/api", HTTP: rest.HTTP{Timeout: 5 * time.Second},
		Login: neowitapi.Login{ServiceAccountID: "sa0", KeyID: "k0", Secret: secret},
	}
}

func (s *server) client() *neowitapi.Client { return newClient(s.t, s.config()) }

func newClient(t *testing.T, config neowitapi.Config) *neowitapi.Client {
	t.Helper()
	client, err := neowitapi.New(config)
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

func jsonText(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func TestAnAddressInClearTextIsRefused(t *testing.T) {
	t.Parallel()
	if _, err := neowitapi.New(neowitapi.Config{BaseURL: "http://app.example.com/api"}); err == nil || !strings.Contains(err.Error(), "https") {
		t.Errorf("%v", err)
	}
}

// Every request names the organization if there is one, and says nothing of it otherwise.
func TestTheOrganizationIsSentWithEveryRequest(t *testing.T) {
	t.Parallel()
	for organization, query := range map[string]string{"": "", "o 1&x": "orgId=o+1%26x"} {
		s := serve(t, map[string][]answer{
			"GET " + list: {{200, `[` + accountJSON + `]`}}, "POST " + list: {{201, accountJSON}},
			"GET " + account: {{200, accountJSON}}, "PATCH " + account: {{200, accountJSON}}, "DELETE " + account: {{204, ""}},
			"POST " + keys: {{201, `{"keyId":"k1","created":1,"secret":"s3cr3t"}`}}, "DELETE " + keys + "/k1": {{204, ""}},
		})
		client, ctx := s.client(), t.Context()
		_, listErr := client.ServiceAccounts(ctx, organization)
		_, createErr := client.CreateServiceAccount(ctx, organization, neowitapi.ServiceAccountFields{Name: "ci", EnableBasicAuth: true})
		_, readErr := client.ServiceAccount(ctx, organization, "sa1", time.Time{})
		updateErr := client.UpdateServiceAccount(ctx, organization, "sa1", neowitapi.ServiceAccountFields{Name: "ci", EnableBasicAuth: true})
		_, keyErr := client.CreateKey(ctx, organization, "sa1")
		for _, err := range []error{listErr, createErr, readErr, updateErr, keyErr, client.DeleteKey(ctx, organization, "sa1", "k1"), client.DeleteServiceAccount(ctx, organization, "sa1")} {
			if err != nil {
				t.Error(err)
			}
		}
		for _, request := range s.seen {
			if request.route != login && request.query != query {
				t.Errorf("%s has the query %q, want %q", request.route, request.query, query)
			}
		}
		if len(s.seen) != 9 { // the login, the seven, and what reads the update back
			t.Errorf("%d requests: %v", len(s.seen), s.seen)
		}
	}
}

func TestAnIDIsOneSegmentOfThePath(t *testing.T) {
	t.Parallel()
	s := serve(t, nil)
	for _, id := range []string{"", ".", ".."} {
		if _, err := s.client().ServiceAccount(t.Context(), "", id, time.Time{}); err == nil || !strings.Contains(err.Error(), "cannot be addressed") {
			t.Errorf("%q: %v", id, err)
		}
	}
	if len(s.seen) > 0 {
		t.Errorf("requests were sent: %v", s.seen)
	}
}
