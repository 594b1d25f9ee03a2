package neowitapi_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
	"github.com/machineid/terraform-provider-machineid/internal/rest/resttest"
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

type answer struct {
	status int
	body   string
}

// server answers what a test wants, and what every client asks for if a test has no answer to it.
type server struct {
	*resttest.Script
	t *testing.T
}

func serve(t *testing.T, answers map[string][]answer) *server {
	t.Helper()
	s := &server{Script: resttest.NewScript(t), t: t}
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

func (s *server) config() neowitapi.Config {
	return neowitapi.Config{
		BaseURL: s.URL + "/api", HTTP: rest.HTTP{Timeout: 5 * time.Second},
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
		for _, request := range s.All() {
			if request.Route != login && request.Query != query {
				t.Errorf("%s has the query %q, want %q", request.Route, request.Query, query)
			}
		}
		if len(s.All()) != 9 { // the login, the seven, and what reads the update back
			t.Errorf("%d requests: %v", len(s.All()), s.All())
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
	if len(s.All()) > 0 {
		t.Errorf("requests were sent: %v", s.All())
	}
}
