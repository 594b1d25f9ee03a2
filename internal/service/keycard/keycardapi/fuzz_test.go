package keycardapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
	"github.com/machineid/terraform-provider-machineid/internal/service/keycard/keycardapi"
)

// fuzzed is a server that gives one answer to the first request and refuses the others, so that no list is followed, and
// the calls whose answers are decoded. Each returns what it understood, in the form that the API answers it in.
type fuzzed struct {
	status int
	body   string
	asked  atomic.Int64
	calls  map[string]func(context.Context) (any, error)
}

func (s *fuzzed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	if strings.HasSuffix(r.URL.Path, "/service-account-token") {
		_, _ = w.Write([]byte(`{"access_token":"the-token","expires_in":3600}`))
		return
	}
	if s.asked.Add(1) > 1 {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	w.WriteHeader(s.status)
	_, _ = w.Write([]byte(s.body))
}

// answered makes a call that gets an answer.
func (s *fuzzed) answered(t *testing.T, call string, status int, body string) (string, error) {
	t.Helper()
	s.status, s.body = status, body
	s.asked.Store(0)
	understood, err := s.calls[call](t.Context())
	if err != nil {
		return "", err
	}
	encoded, err := json.Marshal(understood)
	if err != nil {
		t.Fatalf("%s: what was understood cannot be written: %v", call, err)
	}
	return string(encoded), nil
}

func newFuzzed(tb testing.TB) *fuzzed {
	tb.Helper()
	s := &fuzzed{}
	server := httptest.NewServer(s)
	tb.Cleanup(server.Close)
	client, err := keycardapi.New(keycardapi.Config{BaseURL: server.URL, ClientID: "c1", ClientSecret: "the-secret"})
	if err != nil {
		tb.Fatal(err)
	}
	s.calls = map[string]func(context.Context) (any, error){
		"create account": func(ctx context.Context) (any, error) {
			return client.CreateServiceAccount(ctx, "o1", keycardapi.Fields{Name: "ci"})
		},
		"read account": func(ctx context.Context) (any, error) {
			return client.ServiceAccount(ctx, "o1", "a1", time.Time{}, false)
		},
		"list accounts": func(ctx context.Context) (any, error) {
			found, err := client.ServiceAccounts(ctx, "o1", false)
			return map[string]any{"items": orEmpty(found).Items, "page_info": map[string]any{}, "permissions": orEmpty(found).Permissions}, err
		},
		"create credential": func(ctx context.Context) (any, error) {
			made, err := client.CreateCredential(ctx, "o1", "a1", keycardapi.Fields{Name: "ci"})
			if err != nil {
				return nil, err
			}
			return struct {
				keycardapi.Credential
				Secret string `json:"client_secret"`
			}{*made, made.ClientSecret}, nil
		},
		"list credentials": func(ctx context.Context) (any, error) {
			found, err := client.Credentials(ctx, "o1", "a1", false)
			return map[string]any{"items": orEmpty(found).Items, "page_info": map[string]any{}, "permissions": orEmpty(found).Permissions}, err
		},
		"read organization": func(ctx context.Context) (any, error) { return client.Organization(ctx, "o1", false) },
	}
	return s
}

// FuzzAnswers: whatever is answered, a call either understands it, and understands the same when it is answered what it
// understood, or ends with an error of a known kind that can be shown.
func FuzzAnswers(f *testing.F) {
	for _, body := range []string{
		`{}`, `null`, `[]`, `"x"`, `{"id":"../x"}`, `{"id":"a\u001b[31m"}`, `{"id":7,"items":7}`, `{"error":{"message":"m"}}`,
		`{"id":"a1","name":"ci","created_at":"2026-01-02T03:04:05Z"}`, `{"items":[{"id":"a1","client_id":"c"}],"page_info":{"has_next_page":true,"end_cursor":"x"}}`,
		`{"id":"k1","client_id":"c","client_secret":"s","permissions":{"a":{"b":true}}}`, `{"id":"o1","label":"acme"}`, `{"message":"m","code":"c","status":403}`, `plain words`,
	} {
		f.Add(false, body)
		f.Add(true, body)
	}
	s := newFuzzed(f)
	f.Fuzz(func(t *testing.T, refused bool, body string) {
		status := http.StatusOK
		if refused {
			status = http.StatusForbidden
		}
		for call := range s.calls {
			understood, err := s.answered(t, call, status, body)
			if err != nil {
				mustBeShowable(t, call, err)
				continue
			}
			if refused {
				t.Fatalf("%s: a refusal was understood as %s", call, understood)
			}
			again, err := s.answered(t, call, status, understood)
			if err != nil || again != understood {
				t.Fatalf("%s: %s was understood first, then %s, %v", call, understood, again, err)
			}
		}
	})
}

// FuzzErrorBodies: the body of an error is read into words, or into none, and its text is read the same when it stands in
// the vendor's own form.
func FuzzErrorBodies(f *testing.F) {
	for _, body := range []string{``, `{}`, `[]`, `null`, `<html>`, `plain`, `{"message":"m","code":"c"}`, `{"error":"m","error_description":"d"}`, `{"code":7}`} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		code, message := keycardapi.ParseError(http.StatusForbidden, []byte(body))
		if code+message == "" {
			return
		}
		if len(code)+len(message) > 8*len(body)+16 {
			t.Fatalf("%d bytes became a code of %d and a message of %d", len(body), len(code), len(message))
		}
		encoded, err := json.Marshal(map[string]any{"message": message, "code": code})
		if err != nil {
			t.Fatal(err)
		}
		sameCode, sameMessage := keycardapi.ParseError(http.StatusForbidden, encoded)
		if utf8.ValidString(message) && !strings.ContainsAny(code, "\"\\") && sameMessage != message {
			t.Fatalf("%q was read as %q, %q, and %q as %q, %q", body, code, message, encoded, sameCode, sameMessage)
		}
	})
}

func mustBeShowable(t *testing.T, call string, err error) {
	t.Helper()
	var incomplete *rest.IncompleteError
	_, answered := rest.AsError(err)
	if !answered && !errors.As(err, &incomplete) {
		t.Fatalf("%s: the error is of no known kind: %v", call, err)
	}
	if text := err.Error(); len(text) > 4000 || strings.ContainsAny(text, "\x00\x1b\u009b\r\u202e") {
		t.Fatalf("%s: the error cannot be shown: %q", call, text)
	}
}

// An id that leads elsewhere, or steers a terminal, is told and not used.
func TestHostileIDs(t *testing.T) {
	t.Parallel()
	s := newFuzzed(t)
	for _, id := range []string{`../x`, `..`, `a/b/c`, `a\\b`, `a\u001b[31m`, `a\r\nb`, `a\u202eb`, strings.Repeat("x", 100_000)} {
		for call, body := range map[string]string{
			"create account":    `{"id":"` + id + `"}`,
			"list accounts":     `{"items":[{"id":"` + id + `"}]}`,
			"create credential": `{"id":"` + id + `","client_id":"c","client_secret":"the-secret-of-it"}`,
			"list credentials":  `{"items":[{"id":"` + id + `","client_id":"c"}]}`,
			"read organization": `{"id":"` + id + `","label":"o1"}`,
		} {
			understood, err := s.answered(t, call, http.StatusOK, body)
			if err == nil {
				t.Errorf("%s with the id %.100s was understood as %.300s", call, id, understood)
				continue
			}
			mustBeShowable(t, call, err)
			if !strings.Contains(err.Error(), "lacks its usable id") || len(err.Error()) > 1000 {
				t.Errorf("%s with the id %.100s: the error is %.300v", call, id, err)
			}
		}
	}
}

// orEmpty spares what is written of an answer a check for nil.
func orEmpty[T any](value *T) *T {
	if value == nil {
		return new(T)
	}
	return value
}
