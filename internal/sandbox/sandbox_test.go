package sandbox_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox"
)

const accounts = "/zenml/api/v1/service_accounts"

// box is a sandbox that listens.
type box struct {
	*sandbox.Sandbox
	t   *testing.T
	url string
}

func start(t *testing.T, config sandbox.Config) *box {
	t.Helper()
	made, err := sandbox.New(config)
	if err != nil {
		t.Fatal(err)
	}
	listener := httptest.NewServer(made)
	t.Cleanup(listener.Close)
	return &box{made, t, listener.URL}
}

// try sends one request over a connection of its own, so that nothing is repeated behind the test's back.
func (b *box) try(method, path, bearer, body string) (int, http.Header, string, error) {
	b.t.Helper()
	request, err := http.NewRequestWithContext(b.t.Context(), method, b.url+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	if strings.HasSuffix(path, "/login") {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if bearer != "" {
		request.Header.Set("Authorization", "Bearer "+bearer)
	}
	transport := &http.Transport{DisableKeepAlives: true}
	response, err := transport.RoundTrip(request)
	if err != nil {
		return 0, nil, "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return response.StatusCode, response.Header, string(text), err
}

func (b *box) do(method, path, bearer, body string) (int, string) {
	b.t.Helper()
	status, _, text, err := b.try(method, path, bearer, body)
	if err != nil {
		b.t.Fatalf("%s %s: %v", method, path, err)
	}
	return status, text
}

func (b *box) want(status int, method, path, bearer, body string) string {
	b.t.Helper()
	got, text := b.do(method, path, bearer, body)
	if got != status {
		b.t.Fatalf("%s %s: got status %d, want %d: %s", method, path, got, status, text)
	}
	return text
}

func (b *box) login() string {
	b.t.Helper()
	variables := b.Environment(b.url)
	form := url.Values{"username": {variables["ZENML_USERNAME"]}, "password": {variables["ZENML_PASSWORD"]}}
	var answer struct {
		Token string `json:"access_token"`
	}
	text := b.want(200, "POST", "/zenml/api/v1/login", "", form.Encode())
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		b.t.Fatal(err)
	}
	return answer.Token
}

func (b *box) get(path string, target any) {
	b.t.Helper()
	if err := json.Unmarshal([]byte(b.want(200, "GET", path, "", "")), target); err != nil {
		b.t.Fatal(err)
	}
}

func (b *box) accountNames() []string {
	b.t.Helper()
	var objects map[string]map[string][]struct{ Name string }
	b.get("/_sandbox/objects", &objects)
	names := []string{}
	for _, a := range objects["zenml"]["service_accounts"] {
		names = append(names, a.Name)
	}
	return names
}

func TestEnvironmentLeadsHere(t *testing.T) {
	t.Parallel()
	b := start(t, sandbox.Config{})
	variables := b.Environment(b.url + "/")
	for name, want := range map[string]string{
		"ZENML_SERVER_URL": b.url + "/zenml",
		"DT_BASE_URL":      b.url + "/dt",
		"DT_TOKEN_URL":     b.url + "/dt/oauth2/token",
	} {
		if variables[name] != want {
			t.Errorf("%s is %q, want %q", name, variables[name], want)
		}
	}
	b.want(200, "GET", accounts, b.login(), "")
	b.want(401, "GET", "/dt/v2/roles", "", "")
	if text := b.want(404, "GET", "/zork/x", "", ""); !strings.Contains(text, "/zenml/, /dt/") {
		t.Errorf("an unknown system is refused with %s", text)
	}
}

func TestRequestLog(t *testing.T) {
	t.Parallel()
	b := start(t, sandbox.Config{})
	token := b.login()
	b.want(200, "POST", accounts, token, `{"name":"ci","active":true}`)
	b.want(409, "POST", accounts, token, `{"name":"ci","active":true}`)
	b.want(200, "GET", accounts+"/ci?hydrate=false", token, "")
	b.want(404, "GET", accounts+"/other", token, "")
	b.want(404, "GET", "/zenml/api/v1/zork", token, "")
	text := b.want(200, "GET", "/_sandbox/requests", "", "")
	want := `{"total":6,"by":[` +
		`{"system":"zenml","method":"GET","route":"(unknown)","token":false,"status":404,"count":1},` +
		`{"system":"zenml","method":"POST","route":"/api/v1/login","token":true,"status":200,"count":1},` +
		`{"system":"zenml","method":"POST","route":"/api/v1/service_accounts","token":false,"status":200,"count":1},` +
		`{"system":"zenml","method":"POST","route":"/api/v1/service_accounts","token":false,"status":409,"count":1},` +
		`{"system":"zenml","method":"GET","route":"/api/v1/service_accounts/{id}","token":false,"status":200,"count":1},` +
		`{"system":"zenml","method":"GET","route":"/api/v1/service_accounts/{id}","token":false,"status":404,"count":1}]}`
	if text != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
	b.want(204, "DELETE", "/_sandbox/requests", "", "")
	if text := b.want(200, "GET", "/_sandbox/requests", "", ""); text != `{"total":0,"by":[]}` {
		t.Errorf("after a reset: %s", text)
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 7, 2, 12, 0, 0, 0, time.UTC)
	b := start(t, sandbox.Config{Now: func() time.Time { return noon }})
	token := b.login()
	b.want(200, "PUT", "/_sandbox/options", "", `{"zenml":{"version":"0.95.1","admin_only":"false"},"clock":{"offset":"36h"}}`)
	if text := b.want(200, "POST", accounts, token, `{"name":"ci","active":true}`); !strings.Contains(text, "2026-07-04T00:00:00") {
		t.Errorf("the clock was not moved: %s", text)
	}
	if text := b.want(200, "GET", "/zenml/api/v1/info", "", ""); !strings.Contains(text, `"version":"0.95.1"`) {
		t.Errorf("the version was not changed: %s", text)
	}
	var settings map[string]map[string]map[string]any
	b.get("/_sandbox/options", &settings)
	if s := settings["zenml"]["admin_only"]; s["value"] != "false" || s["default"] != "true" || s["about"] == "" {
		t.Errorf("got the setting %v", s)
	}
	if s := settings["clock"]["offset"]; s["value"] != "36h" || s["default"] != "0s" {
		t.Errorf("got the setting %v", s)
	}
	for body, part := range map[string]string{
		`{"zenml":{"zork":"true"}}`:                                        "admin_only, version,",
		`{"zenml":{"admin_only":"yes"}}`:                                   "true, false",
		`{"zenml":{"token_expires_in":"x"}}`:                               "whole number",
		`{"zenml":{"admin_only":true}}`:                                    "all values are strings",
		`{"zork":{}}`:                                                      "clock, dt, keycard, neowit, zenml",
		`{"clock":{"offset":"soon"}}`:                                      "offset",
		`{"zenml":{"version":"0.1.0"},"clock":{"offset":"far too wrong"}}`: "offset",
	} {
		if text := b.want(400, "PUT", "/_sandbox/options", "", body); !strings.Contains(text, part) {
			t.Errorf("%s: got %s, want %q in it", body, text, part)
		}
	}
	if text := b.want(200, "GET", "/zenml/api/v1/info", "", ""); !strings.Contains(text, `"version":"0.95.1"`) {
		t.Error("half of a refused request was carried out")
	}
}

func TestStateSurvives(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "state.json")
	first := start(t, sandbox.Config{StateFile: file})
	if _, err := os.Stat(file); err != nil {
		t.Errorf("the seed was not kept at once: %v", err)
	}
	token := first.login()
	first.want(200, "POST", accounts, token, `{"name":"ci","active":true}`)

	// Without Close, as after a crash.
	second := start(t, sandbox.Config{StateFile: file})
	if !reflect.DeepEqual(first.Environment("x"), second.Environment("x")) {
		t.Error("the seed's credentials changed")
	}
	second.want(200, "GET", accounts+"/ci", token, "")
	second.want(200, "DELETE", accounts+"/ci", second.login(), "")
	if err := second.Close(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the state file: %v, %v", info.Mode(), err)
	}
	if names := start(t, sandbox.Config{StateFile: file}).accountNames(); len(names) != 0 {
		t.Errorf("after a deletion and a restart there are %v", names)
	}

	// A file from before a system was there: that one keeps its fresh seed, the others what was theirs.
	if err := os.WriteFile(file, withoutSystem(t, file, "dt"), 0o600); err != nil {
		t.Fatal(err)
	}
	older := start(t, sandbox.Config{StateFile: file})
	before, after := first.Environment("x"), older.Environment("x")
	if before["ZENML_PASSWORD"] != after["ZENML_PASSWORD"] || before["DT_SERVICE_ACCOUNT_SECRET"] == after["DT_SERVICE_ACCOUNT_SECRET"] {
		t.Error("a state file without a system was not taken as it should be")
	}

	if err := os.WriteFile(file, []byte("zork"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := sandbox.New(sandbox.Config{StateFile: file}); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("got %v for a state file that is none", err)
	}
	if content, _ := os.ReadFile(file); !bytes.Equal(content, []byte("zork")) {
		t.Error("a file that is no state file was overwritten")
	}
	if _, err := sandbox.New(sandbox.Config{StateFile: filepath.Join(file, "below")}); err == nil {
		t.Error("a state file that cannot be written was accepted")
	}
}

// withoutSystem returns the content of a state file without one system's part.
func withoutSystem(t *testing.T, file, system string) []byte {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var state map[string]map[string]json.RawMessage
	if err := json.Unmarshal(content, &state); err != nil {
		t.Fatal(err)
	}
	if _, there := state["systems"][system]; !there {
		t.Fatalf("the state file has no part of %s", system)
	}
	delete(state["systems"], system)
	content, err = json.Marshal(state)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestLatency(t *testing.T) {
	t.Parallel()
	const wait = 30 * time.Millisecond
	b := start(t, sandbox.Config{Latency: wait})
	began := time.Now()
	b.want(200, "GET", "/zenml/health", "", "")
	if took := time.Since(began); took < wait {
		t.Errorf("a request took %v", took)
	}
}
