package zenmlapi_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
	"github.com/machineid/terraform-provider-machineid/internal/service/zenml/zenmlapi"
)

// replies answers each "METHOD /path" with a status and a body, and the login unless it is named.
type replies map[string]struct {
	status int
	body   string
}

func (r replies) client(t *testing.T, login zenmlapi.Login) (*zenmlapi.Client, *atomic.Int64) {
	t.Helper()
	var logins atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		route := request.Method + " " + request.URL.Path
		if route == "POST /api/v1/login" {
			logins.Add(1)
		}
		reply, ok := r[route]
		if !ok && route == "POST /api/v1/login" {
			_, _ = w.Write([]byte(`{"access_token":"token-of-this-test","expires_in":null}`))
			return
		}
		w.WriteHeader(reply.status)
		_, _ = w.Write([]byte(reply.body))
	}))
	t.Cleanup(server.Close)
	client, err := zenmlapi.New(zenmlapi.Config{ServerURL: server.URL + "/", Login: login, HTTP: rest.HTTP{Timeout: 5 * time.Second}})
	if err != nil {
		t.Fatal(err)
	}
	return client, &logins
}

var admin = zenmlapi.Login{Username: "admin", Password: "hunter22"}

const accountJSON = `{"id":"a1","name":"ci","body":{"created":"2026-07-02T10:11:12.345678","updated":"2026-07-02T10:11:12",
	"full_name":"","active":true,"avatar_url":null},"metadata":{"description":"d","external_user_id":null}}`

func TestANullExpiryMeansOneLogin(t *testing.T) {
	t.Parallel()
	client, logins := replies{"GET /api/v1/service_accounts/a1": {200, accountJSON}}.client(t, admin)
	for range 5 {
		if _, err := client.ServiceAccount(context.Background(), "a1"); err != nil {
			t.Fatal(err)
		}
	}
	if logins.Load() != 1 {
		t.Errorf("%d logins, want 1", logins.Load())
	}
}

func TestLoginThatFails(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status int
		body   string
		want   string
	}{
		"a wrong password":     {401, `{"detail":["CredentialsNotValid","Authentication error: invalid username or password"]}`, "invalid username or password"},
		"an external server":   {200, `{"authorization_url":"https://cloud.example.com"}`, "external"},
		"another kind of JSON": {200, `{}`, "no access token"},
		"the password echoed":  {422, `["ValueError","input_value='hunter22'"]`, "(secret)"},
	} {
		client, _ := replies{"POST /api/v1/login": {test.status, test.body}}.client(t, admin)
		_, err := client.ServiceAccount(context.Background(), "a1")
		if !zenmlapi.IsLogin(err) || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "hunter22") {
			t.Errorf("%s: %v", name, err)
		}
		if zenmlapi.IsNotFound(err) {
			t.Errorf("%s: taken for a missing object", name)
		}
	}
}

func TestAnAccountAsTheServerWritesIt(t *testing.T) {
	t.Parallel()
	client, _ := replies{"GET /api/v1/service_accounts/a1": {200, accountJSON}}.client(t, admin)
	account, err := client.ServiceAccount(context.Background(), "a1")
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprintf("%s %s %q %q %t %t", account.ID, account.Name, account.Description, account.AvatarURL, account.Active, account.ExternalUserID == nil); got != `a1 ci "d" "" true true` {
		t.Errorf("got %s", got)
	}
	if account.Created.Format(time.RFC3339Nano) != "2026-07-02T10:11:12.345678Z" || account.Updated.Format(time.RFC3339Nano) != "2026-07-02T10:11:12Z" {
		t.Errorf("created %s, updated %s", account.Created, account.Updated)
	}
}

func TestWhatIsMissingIsNotTakenForEmpty(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"metadata":  `{"id":"a1","name":"ci","body":{"created":"2026-07-02T10:11:12","updated":"2026-07-02T10:11:12","active":true},"metadata":null}`,
		"body":      `{"id":"a1","name":"ci","body":null,"metadata":{"description":""},"permission_denied":true}`,
		"id":        `{"name":"ci","body":{"created":"2026-07-02T10:11:12","updated":"2026-07-02T10:11:12"},"metadata":{}}`,
		"timestamp": `{"id":"a1","name":"ci","body":{"created":"yesterday"},"metadata":{}}`,
	} {
		client, _ := replies{"GET /api/v1/service_accounts/a1": {200, body}}.client(t, admin)
		if account, err := client.ServiceAccount(context.Background(), "a1"); err == nil || zenmlapi.IsNotFound(err) {
			t.Errorf("without %s: %+v, %v", name, account, err)
		}
	}
}

func TestACreatedKeyIsNeverLost(t *testing.T) {
	t.Parallel()
	const route = "POST /api/v1/service_accounts/a1/api_keys"
	body := func(key, metadata string) string {
		return `{"id":"k1","name":"ci","body":{"created":"2026-07-02T10:11:12","updated":"2026-07-02T10:11:12","key":` + key + `,"active":true,
			"service_account":{"id":"a1"}},"metadata":` + metadata + `}`
	}
	for name, test := range map[string]struct {
		body     string
		id, key  string
		complete bool
	}{
		"a full answer":     {body(`"ZENKEY_x"`, `{"description":"d"}`), "k1", "ZENKEY_x", true},
		"no metadata":       {body(`"ZENKEY_x"`, `null`), "k1", "ZENKEY_x", true},
		"no key":            {body(`null`, `{}`), "k1", "", false},
		"nothing but an id": {`{"id":"k1"}`, "k1", "", false},
		"an odd moment":     {body(`"ZENKEY_x"`, `{"last_login":""}`), "k1", "ZENKEY_x", false},
		"an odd period":     {body(`"ZENKEY_x"`, `{"retain_period_minutes":"soon"}`), "k1", "ZENKEY_x", false},
		"an odd account":    {`{"id":"k1","body":{"key":"ZENKEY_x","service_account":[]}}`, "k1", "ZENKEY_x", false},
	} {
		client, _ := replies{route: {200, test.body}}.client(t, admin)
		key, err := client.CreateAPIKey(context.Background(), "a1", zenmlapi.APIKeyCreate{Name: "ci", Description: "d"})
		if key == nil || key.ID != test.id || key.Key != test.key || (err == nil) != test.complete {
			t.Errorf("%s: %+v, %v", name, key, err)
		}
	}
}

func TestErrorShapes(t *testing.T) {
	t.Parallel()
	const route = "GET /api/v1/service_accounts/a1"
	for name, test := range map[string]struct {
		status   int
		body     string
		says     string
		notFound bool
		noRoute  bool
	}{
		"a list":                 {404, `{"detail":["KeyError","\"No service account with the 'x' name or ID was found\""]}`, ": No service account with the 'x' name or ID was found", true, false},
		"a missing route":        {404, `{"detail":"Not Found"}`, ": Not Found", false, true},
		"a wrong method":         {405, `{"detail":"Method Not Allowed"}`, ": Method Not Allowed", false, true},
		"a 404 of a proxy":       {404, `<html>`, "status 404", false, true},
		"a bare list":            {422, "[\"ValueError\",\"1 validation error:\\n  name\\n\\n  File \\\"/srv/x.py\\\", line 98\"]", "ValueError: 1 validation error: name", false, false},
		"a list of one":          {400, `{"detail":["oops"]}`, ": oops", false, false},
		"an error field":         {429, `{"error":"Server too busy."}`, ": Server too busy.", false, false},
		"a database error":       {500, "{\"detail\":[\"RuntimeError\",\"UNIQUE constraint failed\\n[SQL: INSERT]\\n[parameters: File]\"]}", "RuntimeError: UNIQUE constraint failed", false, false},
		"an endless message":     {500, `{"detail":["RuntimeError","` + strings.Repeat("é", 5000) + `"]}`, "é ...", false, false},
		"a web page":             {200, `<!doctype html>`, "not valid JSON", false, false},
		"nothing at all":         {403, ``, "status 403", false, false},
		"detail of another type": {403, `{"detail":{"a":1}}`, "status 403", false, false},
	} {
		client, _ := replies{route: {test.status, test.body}}.client(t, admin)
		_, err := client.ServiceAccount(context.Background(), "a1")
		if err == nil || !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "File") || len(err.Error()) > 1000 {
			t.Errorf("%s: %v, want %q in it", name, err, test.says)
		}
		if zenmlapi.IsNotFound(err) != test.notFound || zenmlapi.IsNoRoute(err) != test.noRoute {
			t.Errorf("%s: not found %t, no route %t", name, zenmlapi.IsNotFound(err), zenmlapi.IsNoRoute(err))
		}
	}
}

func TestEveryPageIsFollowed(t *testing.T) {
	t.Parallel()
	var requests atomic.Int64
	shrinks := false
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		page := r.URL.Query().Get("page")
		switch {
		case r.URL.Path == "/api/v1/login":
			_, _ = w.Write([]byte(`{"access_token":"token-of-this-test"}`))
			return
		case page > "3" || shrinks && page == "3":
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(`{"detail":["ValueError","Invalid page"]}`))
			return
		}
		requests.Add(1)
		_, _ = fmt.Fprintf(w, `{"index":%s,"total_pages":3,"total":3,"items":[%s]}`, page, accountJSON)
	}))
	t.Cleanup(server.Close)
	client, err := zenmlapi.New(zenmlapi.Config{ServerURL: server.URL, Login: admin})
	if err != nil {
		t.Fatal(err)
	}
	accounts, err := client.ServiceAccounts(context.Background(), zenmlapi.ListOptions{})
	if err != nil || len(accounts) != 3 || requests.Load() != 3 {
		t.Errorf("%d accounts in %d requests, %v", len(accounts), requests.Load(), err)
	}
	shrinks = true
	if accounts, err = client.ServiceAccounts(context.Background(), zenmlapi.ListOptions{}); err != nil || len(accounts) != 2 {
		t.Errorf("a list that shrinks: %d accounts, %v", len(accounts), err)
	}
}

// The answer is slow, as behind a gateway: Terraform waits for the provider, so the provider waits for the answer.
func TestAnInterruptDoesNotCutACreate(t *testing.T) {
	t.Parallel()
	ctx, interrupt := context.WithCancel(context.Background())
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/api/v1/login" {
			_, _ = w.Write([]byte(`{"access_token":"token-of-this-test"}`))
			return
		}
		interrupt() // the request has left and is being handled
		<-time.After(2 * time.Second)
		_, _ = w.Write([]byte(`{"id":"k1","name":"ci","body":{"created":"2026-07-02T10:11:12","updated":"2026-07-02T10:11:12",
			"key":"ZENKEY_x","active":true,"service_account":{"id":"a1"}},"metadata":{}}`))
	}))
	t.Cleanup(server.Close)
	client, err := zenmlapi.New(zenmlapi.Config{ServerURL: server.URL, Login: admin})
	if err != nil {
		t.Fatal(err)
	}
	key, err := client.CreateAPIKey(ctx, "a1", zenmlapi.APIKeyCreate{Name: "ci"})
	if err != nil || key.Key != "ZENKEY_x" {
		t.Errorf("%+v, %v", key, err)
	}
}

func TestANameIsFoundExactly(t *testing.T) {
	t.Parallel()
	list := `{"index":1,"total_pages":1,"total":1,"items":[` + accountJSON + `]}`
	client, _ := replies{"GET /api/v1/service_accounts": {200, list}}.client(t, admin)
	if account, err := client.ServiceAccountByName(context.Background(), "ci"); err != nil || account.ID != "a1" {
		t.Errorf("%+v, %v", account, err)
	}
	if account, err := client.ServiceAccountByName(context.Background(), "CI"); !zenmlapi.IsNotFound(err) {
		t.Errorf("another case: %+v, %v", account, err)
	}
}
