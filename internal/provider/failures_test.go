package provider_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// refusals are the statuses that a user is told about in full, whatever the system.
var refusals = []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusTooManyRequests}

const vendorsWords = "the words of the vendor"

// refusedSystem is how one system refuses to make a service account, and what its user is advised.
type refusedSystem struct {
	typeName, noun string
	// env leads to the server under %s.
	env     map[string]string
	planned map[string]any
	// body is that of an error, with the vendor's words in it.
	body string
	// ownID tells that a request carries an id of the caller's, in place of the one in the answer.
	ownID string
	next  map[int]string
}

var refusedSystems = map[string]refusedSystem{
	"zenml": {
		typeName: "machineid_zenml_service_account", noun: "ZenML service account",
		env:     map[string]string{"ZENML_SERVER_URL": "%s", "ZENML_API_TOKEN": "the-token"},
		planned: map[string]any{"name": "ci", "full_name": "", "description": "", "avatar_url": "", "active": true},
		body:    `{"detail":["SomeError","` + vendorsWords + `"]}`,
		next: map[int]string{
			401: "zenml.api_token (ZENML_API_TOKEN)", 403: "have its owner granted the permission", 404: "Check the ids", 409: "terraform import",
			429: "Lower -parallelism",
		},
	},
	"dt": {
		typeName: "machineid_dt_service_account", noun: "DT service account",
		env:     map[string]string{"DT_BASE_URL": "%s", "DT_AUTH": "basic", "DT_SERVICE_ACCOUNT_KEY_ID": "the-key", "DT_SERVICE_ACCOUNT_SECRET": "the-secret"},
		planned: map[string]any{"project": "p1", "display_name": "ci", "enable_basic_auth": false},
		body:    `{"error":"` + vendorsWords + `","code":7}`,
		next: map[int]string{
			401: "check dt.key_id and dt.secret", 403: "needs the role roles/project.admin in projects/p1", 404: "Check the ids", 409: "Run again",
			429: "Lower dt.requests_per_second (DT_REQUESTS_PER_SECOND)",
		},
	},
	"neowit": {
		typeName: "machineid_neowit_service_account", noun: "Neowit service account",
		env:     map[string]string{"NEOWIT_BASE_URL": "%s", "NEOWIT_ACCESS_TOKEN": "the-token"},
		planned: map[string]any{"name": "ci", "enable_basic_auth": false},
		body:    `{"reason":"` + vendorsWords + `","status":"REFUSED"}`,
		next: map[int]string{
			401: "neowit.access_token (NEOWIT_ACCESS_TOKEN)", 403: "check org_id", 404: "Check the ids", 409: "terraform import",
			429: "Lower -parallelism",
		},
	},
	"keycard": {
		typeName: "machineid_keycard_service_account", noun: "Keycard service account",
		env:     map[string]string{"KEYCARD_ENDPOINT": "%s", "KEYCARD_CLIENT_ID": "the-client", "KEYCARD_CLIENT_SECRET": "the-secret"},
		planned: map[string]any{"organization_id": "o1", "name": "ci", "description": ""},
		body:    `{"message":"` + vendorsWords + `","code":"refused"}`,
		ownID:   "X-Client-Request-ID",
		next: map[int]string{
			401: "its token was refused, twice", 403: "Check organization_id", 404: "keycard.base_url (KEYCARD_ENDPOINT)", 409: "look in its console",
			429: "Lower -parallelism",
		},
	},
}

// Whatever the system, a refusal names the operation, the object, the status, the vendor's words, the request and what to
// do next.
func TestEveryRefusalIsToldInFull(t *testing.T) {
	t.Parallel()
	for name, system := range refusedSystems {
		for _, status := range refusals {
			t.Run(fmt.Sprintf("%s %d", name, status), func(t *testing.T) {
				t.Parallel()
				var id atomic.Value
				id.Store("request-7")
				server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("Content-Type", "application/json")
					if strings.HasSuffix(r.URL.Path, "/service-account-token") {
						_, _ = w.Write([]byte(`{"access_token":"the-token","expires_in":3600}`))
						return
					}
					if r.Method == http.MethodPost && system.ownID != "" {
						id.Store(r.Header.Get(system.ownID))
					}
					w.Header().Set("X-Request-Id", "request-7")
					w.WriteHeader(status)
					_, _ = w.Write([]byte(system.body))
				}))
				defer server.Close()
				env := maps.Clone(system.env)
				for variable, value := range env {
					env[variable] = strings.ReplaceAll(value, "%s", server.URL)
				}
				told := acctest.ApplyUnplanned(t, env, map[string]any{"max_retries": 0}, system.typeName, nil, system.planned)
				if len(told) != 1 {
					t.Fatalf("%d diagnostics: %q", len(told), told)
				}
				wants := []string{
					"Cannot create " + system.noun + "\n", `"ci"`, fmt.Sprintf("status %d %s", status, http.StatusText(status)),
					vendorsWords, "Request: POST " + server.URL, "request id " + id.Load().(string), system.next[status],
				}
				missing := slices.DeleteFunc(wants, func(want string) bool { return strings.Contains(told[0], want) })
				if len(missing) > 0 || system.next[status] == "" {
					t.Errorf("the error lacks %q:\n%s", missing, told[0])
				}
			})
		}
	}
}
