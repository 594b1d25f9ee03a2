package dtapi_test

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

	"github.com/machineid/terraform-provider-machineid/internal/rest"
	"github.com/machineid/terraform-provider-machineid/internal/service/dt/dtapi"
)

// fuzzed is a server that gives one answer to the first request and refuses the others, so that no list is followed, and
// the calls whose answers are decoded. Each returns what it understood, in the form that the API answers it in.
type fuzzed struct {
	status int
	body   string
	asked  atomic.Int64
	calls  map[string]func(context.Context) (any, error)
}

func (s *fuzzed) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
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
	client, err := dtapi.New(dtapi.Config{BaseURL: server.URL, KeyID: "k1", Secret: "the-secret", Basic: true})
	if err != nil {
		tb.Fatal(err)
	}
	s.calls = map[string]func(context.Context) (any, error){
		"create account": func(ctx context.Context) (any, error) {
			return client.CreateServiceAccount(ctx, "projects/p1", dtapi.ServiceAccountCreate{})
		},
		"read account": func(ctx context.Context) (any, error) { return client.ServiceAccount(ctx, account, time.Time{}) },
		"list accounts": func(ctx context.Context) (any, error) {
			found, err := client.ServiceAccounts(ctx, "projects/p1")
			return map[string]any{"serviceAccounts": found}, err
		},
		"create key": func(ctx context.Context) (any, error) {
			made, err := client.CreateKey(ctx, account)
			return map[string]any{"key": made, "secret": orEmpty(made).Secret}, err
		},
		"read key": func(ctx context.Context) (any, error) { return client.Key(ctx, account+"/keys/k1", time.Time{}) },
		"list keys": func(ctx context.Context) (any, error) {
			found, err := client.Keys(ctx, account)
			return map[string]any{"keys": found}, err
		},
		"create member": func(ctx context.Context) (any, error) {
			return client.CreateMember(ctx, "projects/p1", "ada@example.com", "roles/project.user")
		},
		"list members": func(ctx context.Context) (any, error) {
			found, err := client.Members(ctx, "projects/p1")
			return map[string]any{"members": found}, err
		},
		"list roles": func(ctx context.Context) (any, error) {
			found, err := client.Roles(ctx)
			return map[string]any{"roles": found}, err
		},
	}
	return s
}

// FuzzAnswers: whatever is answered, a call either understands it, and understands the same when it is answered what it
// understood, or ends with an error of a known kind that can be shown.
func FuzzAnswers(f *testing.F) {
	for _, body := range []string{
		`{}`, `null`, `[]`, `"x"`, `{"id":"../x"}`, `{"id":"a\u001b[31m"}`, `{"id":7,"items":7}`, `{"error":{"message":"m"}}`,
		accountJSON, `{"serviceAccounts":[` + accountJSON + `],"nextPageToken":"x"}`, `{"key":` + keyJSON + `,"secret":"s"}`, keyJSON,
		`{"keys":[` + keyJSON + `]}`, `{"roles":[{"name":"roles/project.user"}]}`, `{"error":"m","code":403,"help":"h"}`,
		`{"members":[{"name":"projects/p1/members/m1","email":"ada@example.com","roles":["roles/project.user"]}],"nextPageToken":""}`,
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
	for _, body := range []string{``, `{}`, `[]`, `null`, `<html>`, `plain`, `{"error":"m","code":404}`, `{"error":{"message":"m"}}`, `{"error":"c","error_description":"d"}`} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		code, message := dtapi.ParseError(http.StatusForbidden, []byte(body))
		if code+message == "" {
			return
		}
		if len(code)+len(message) > 8*len(body)+16 {
			t.Fatalf("%d bytes became a code of %d and a message of %d", len(body), len(code), len(message))
		}
		encoded, err := json.Marshal(map[string]any{"error": code, "error_description": message})
		if err != nil {
			t.Fatal(err)
		}
		sameCode, sameMessage := dtapi.ParseError(http.StatusForbidden, encoded)
		if message != "" && (sameCode != code || sameMessage != message) {
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
			"create account": `{"name":"projects/p1/serviceaccounts/` + id + `","email":"e"}`,
			"read account":   `{"name":"projects/p1/serviceaccounts/` + id + `","email":"e"}`,
			"list accounts":  `{"serviceAccounts":[{"name":"projects/p1/serviceaccounts/` + id + `","email":"e"}]}`,
			"create key":     `{"key":{"name":"` + account + `/keys/` + id + `","id":"k1"},"secret":"the-secret-of-the-key"}`,
			"list keys":      `{"keys":[{"name":"` + account + `/keys/` + id + `","id":"k1"}]}`,
			"create member":  `{"name":"projects/p1/members/` + id + `","email":"e"}`,
			"list members":   `{"members":[{"name":"projects/p1/members/` + id + `","email":"e"}]}`,
		} {
			understood, err := s.answered(t, call, http.StatusOK, body)
			if err == nil {
				t.Errorf("%s with the id %.100s was understood as %.300s", call, id, understood)
				continue
			}
			mustBeShowable(t, call, err)
			if !strings.Contains(err.Error(), "lacks its usable name") || len(err.Error()) > 1000 {
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
