package provider_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// waysIn are all that the systems know, under %s for the address of one server.
var waysIn = map[string]struct {
	typeName string
	env      map[string]string
	planned  map[string]any
	// made answers the creation: it names the object, and cannot be read as a whole. The credential stands under %q.
	made string
}{
	"zenml by password": {
		"machineid_zenml_service_account",
		map[string]string{"ZENML_SERVER_URL": "%s", "ZENML_USERNAME": "user", "ZENML_PASSWORD": `hunter2"\+/= ä`},
		refusedSystems["zenml"].planned, `{"id":"a1","name":"ci","body":{"created":%q}}`,
	},
	"zenml by key": {
		"machineid_zenml_service_account",
		map[string]string{"ZENML_SERVER_URL": "%s", "ZENML_API_KEY": "ZENKEY_hunter2"},
		refusedSystems["zenml"].planned, `{"id":"a1","name":"ci","body":{"created":%q}}`,
	},
	"zenml by token": {
		"machineid_zenml_service_account",
		map[string]string{"ZENML_SERVER_URL": "%s", "ZENML_API_TOKEN": "hunter2-token"},
		refusedSystems["zenml"].planned, `{"id":"a1","name":"ci","body":{"created":%q}}`,
	},
	"dt": {
		"machineid_dt_service_account",
		map[string]string{
			"DT_BASE_URL": "%s", "DT_TOKEN_URL": "%s/token", "DT_SERVICE_ACCOUNT_KEY_ID": "k", "DT_SERVICE_ACCOUNT_SECRET": "hunter2-secret",
			"DT_SERVICE_ACCOUNT_EMAIL": "a1@p1.serviceaccount.example.com",
		},
		refusedSystems["dt"].planned, `{"name":"projects/p1/serviceaccounts/a1","createTime":%q}`,
	},
	"dt by basic": {
		"machineid_dt_service_account",
		map[string]string{"DT_BASE_URL": "%s", "DT_AUTH": "basic", "DT_SERVICE_ACCOUNT_KEY_ID": "k", "DT_SERVICE_ACCOUNT_SECRET": "hunter2-secret"},
		refusedSystems["dt"].planned, `{"name":"projects/p1/serviceaccounts/a1","createTime":%q}`,
	},
	"neowit": {
		"machineid_neowit_service_account",
		map[string]string{"NEOWIT_BASE_URL": "%s", "NEOWIT_SERVICE_ACCOUNT_ID": "s", "NEOWIT_KEY_ID": "k", "NEOWIT_SECRET": "hunter2-secret"},
		refusedSystems["neowit"].planned, `{"id":"a1","created":%q,"createdAt":%[1]q,"keys":%[1]q}`,
	},
	"neowit by basic": {
		"machineid_neowit_service_account",
		map[string]string{"NEOWIT_BASE_URL": "%s", "NEOWIT_AUTH": "basic", "NEOWIT_KEY_ID": "k", "NEOWIT_SECRET": "hunter2-secret"},
		refusedSystems["neowit"].planned, `{"id":"a1","created":%q,"createdAt":%[1]q,"keys":%[1]q}`,
	},
	"neowit by token": {
		"machineid_neowit_service_account",
		map[string]string{"NEOWIT_BASE_URL": "%s", "NEOWIT_ACCESS_TOKEN": "hunter2-token"},
		refusedSystems["neowit"].planned, `{"id":"a1","created":%q,"createdAt":%[1]q,"keys":%[1]q}`,
	},
	"keycard": {
		"machineid_keycard_service_account", refusedSystems["keycard"].env, refusedSystems["keycard"].planned, `{"id":"a1","name":"ci","created_at":%q}`,
	},
}

// echo repeats to a client whatever proved who calls.
type echo struct {
	atLogin bool   // refuses the login, and repeats what that holds
	made    string // answers the creation; "" refuses it

	mu   sync.Mutex
	sent []string
}

func (e *echo) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	proof := r.Header.Get("Authorization")
	form, _ := url.ParseQuery(string(body))
	login := form.Has("grant_type") || form.Has("password")
	e.mu.Lock()
	defer e.mu.Unlock()
	if _, credential, ok := strings.Cut(proof, " "); ok {
		e.sent = append(e.sent, credential)
	}
	if _, password, ok := r.BasicAuth(); ok {
		e.sent = append(e.sent, password)
	}
	for _, field := range []string{"password", "assertion", "client_secret"} {
		if form.Has(field) {
			e.sent = append(e.sent, form.Get(field))
			proof += " " + form.Get(field) + " " + string(body)
		}
	}
	w.Header().Set("Content-Type", "application/json")
	if login && !e.atLogin {
		// Each login gives another token, so that a renewed one is repeated, too.
		token := "hunter2-issued-" + strconv.Itoa(len(e.sent))
		_, _ = io.WriteString(w, `{"access_token":"`+token+`","expires_in":3600}`)
		return
	}
	w.Header()["X-Request-Id"] = []string{strings.ReplaceAll(proof, "\n", " ")}
	switch {
	case login:
		w.WriteHeader(http.StatusBadRequest)
	case e.made != "" && r.Method == http.MethodPost:
		w.WriteHeader(http.StatusCreated)
		_, credential, _ := strings.Cut(proof, " ")
		quoted := strconv.Quote(credential)
		_, _ = io.WriteString(w, strings.NewReplacer("%q", quoted, "%[1]q", quoted).Replace(e.made))
		return
	default:
		w.WriteHeader(http.StatusForbidden)
	}
	words := strconv.Quote(proof)
	_, _ = io.WriteString(w, `{"detail":["Refused",`+words+`],"error":`+words+`,"error_description":`+words+`,"message":`+words+`,"code":`+words+`,"reason":`+words+`,"status":`+words+`}`)
}

// Whatever the way in, a system that repeats what proved who calls finds it in no error.
func TestNoWayInIsRepeated(t *testing.T) {
	t.Parallel()
	for name, way := range waysIn {
		for what, server := range map[string]*echo{"login": {atLogin: true}, "refusal": {}, "odd answer": {made: way.made}} {
			t.Run(name+", "+what, func(t *testing.T) {
				t.Parallel()
				listening := httptest.NewServer(server)
				defer listening.Close()
				env := map[string]string{}
				for variable, value := range way.env {
					env[variable] = strings.ReplaceAll(value, "%s", listening.URL)
				}
				told := strings.Join(acctest.ApplyUnplanned(t, env, map[string]any{"max_retries": 0}, way.typeName, nil, way.planned), "\n")
				if told == "" || len(server.sent) == 0 || !strings.Contains(told, "(secret)") {
					t.Fatalf("after %d proofs of who calls: %q", len(server.sent), told)
				}
				if slices.ContainsFunc(server.sent, func(secret string) bool { return strings.Contains(told, secret[:min(len(secret), 40)]) }) || strings.Contains(told, "hunter2") {
					t.Errorf("a secret was told:\n%s", told)
				}
			})
		}
	}
}
