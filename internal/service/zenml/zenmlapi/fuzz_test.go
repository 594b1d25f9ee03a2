package zenmlapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"unicode/utf8"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
	"github.com/machineid/terraform-provider-machineid/internal/service/zenml/zenmlapi"
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
	client, err := zenmlapi.New(zenmlapi.Config{ServerURL: server.URL, Login: zenmlapi.Login{APIToken: "the-token"}})
	if err != nil {
		tb.Fatal(err)
	}
	account := func(a *zenmlapi.ServiceAccount) any {
		return map[string]any{
			"id": a.ID, "name": a.Name,
			"body":     map[string]any{"created": a.Created, "updated": a.Updated, "full_name": a.FullName, "active": a.Active, "avatar_url": a.AvatarURL},
			"metadata": map[string]any{"description": a.Description, "external_user_id": a.ExternalUserID},
		}
	}
	key := func(k *zenmlapi.APIKey) any {
		return map[string]any{
			"id": k.ID, "name": k.Name,
			"body": map[string]any{"created": k.Created, "updated": k.Updated, "key": k.Key, "active": k.Active, "service_account": map[string]any{"id": k.ServiceAccountID}},
			"metadata": map[string]any{
				"description": k.Description, "retain_period_minutes": k.RetainPeriodMinutes, "last_login": k.LastLogin, "last_rotated": k.LastRotated,
			},
		}
	}
	s.calls = map[string]func(context.Context) (any, error){
		"create account": func(ctx context.Context) (any, error) {
			made, err := client.CreateServiceAccount(ctx, zenmlapi.ServiceAccountCreate{Name: "ci"})
			return account(orEmpty(made)), err
		},
		"read account": func(ctx context.Context) (any, error) {
			found, err := client.ServiceAccount(ctx, "a1")
			return account(orEmpty(found)), err
		},
		"list accounts": func(ctx context.Context) (any, error) {
			found, err := client.ServiceAccounts(ctx, zenmlapi.ListOptions{})
			items := []any{}
			for _, item := range found {
				items = append(items, account(&item))
			}
			return map[string]any{"items": items}, err
		},
		"create key": func(ctx context.Context) (any, error) {
			made, err := client.CreateAPIKey(ctx, "a1", zenmlapi.APIKeyCreate{Name: "ci"})
			return key(orEmpty(made)), err
		},
		"read key": func(ctx context.Context) (any, error) {
			found, err := client.APIKey(ctx, "a1", "k1")
			return key(orEmpty(found)), err
		},
		"current user": func(ctx context.Context) (any, error) {
			found, err := client.CurrentUser(ctx)
			caller := orEmpty(found)
			return map[string]any{"id": caller.ID, "body": map[string]any{"is_service_account": caller.IsServiceAccount}}, err
		},
	}
	return s
}

// FuzzAnswers: whatever is answered, a call either understands it, and understands the same when it is answered what it
// understood, or ends with an error of a known kind that can be shown.
func FuzzAnswers(f *testing.F) {
	for _, body := range []string{
		`{}`, `null`, `[]`, `"x"`, `{"id":"../x"}`, `{"id":"a\u001b[31m"}`, `{"id":7,"items":7}`, `{"error":{"message":"m"}}`,
		accountJSON, `{"total_pages":3,"items":[` + accountJSON + `]}`, `{"detail":["KeyError","m"]}`, `{"detail":"\u001b[31m"}`,
		`{"id":"k1","name":"ci","body":{"key":"ZENKEY_x","created":"2026-01-02 03:04:05.5","service_account":{"id":"a1"}},"metadata":{"last_login":null}}`,
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
	for _, body := range []string{``, `{}`, `[]`, `null`, `<html>`, `plain`, `{"detail":["KeyError","\"m\""]}`, `["a","b"]`, `{"detail":"m"}`, `{"error":"m"}`} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		code, message := zenmlapi.ParseError(http.StatusForbidden, []byte(body))
		if code+message == "" {
			return
		}
		if len(code)+len(message) > 8*len(body)+16 {
			t.Fatalf("%d bytes became a code of %d and a message of %d", len(body), len(code), len(message))
		}
		encoded, err := json.Marshal(map[string]any{"detail": []string{code, message}})
		if err != nil {
			t.Fatal(err)
		}
		sameCode, sameMessage := zenmlapi.ParseError(http.StatusForbidden, encoded)
		if utf8.ValidString(code+message) && sameCode != code {
			t.Fatalf("%q was read as %q, %q, and %q as %q, %q", body, code, message, encoded, sameCode, sameMessage)
		}
	})
}

func mustBeShowable(t *testing.T, call string, err error) {
	t.Helper()
	var incomplete *rest.IncompleteError
	_, answered := rest.AsError(err)
	if !answered && !errors.As(err, &incomplete) && !errors.Is(err, zenmlapi.ErrNoSuchName) {
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
			"create account": `{"id":"` + id + `","name":"ci","body":{},"metadata":{}}`,
			"read account":   `{"id":"` + id + `","name":"ci","body":{},"metadata":{}}`,
			"list accounts":  `{"total_pages":1,"items":[{"id":"` + id + `","name":"ci","body":{},"metadata":{}}]}`,
			"create key":     `{"id":"` + id + `","name":"ci","body":{"key":"the-key"},"metadata":{}}`,
			"read key":       `{"id":"` + id + `","name":"ci","body":{},"metadata":{}}`,
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

// FuzzMoments: what is read as a moment is read the same when it is written as the server does.
func FuzzMoments(f *testing.F) {
	for _, text := range []string{`"2026-07-02T10:11:12.345678"`, `"2026-07-02 10:11:12"`, `"2026-07-02T10:11:12+02:00"`, `null`, `7`, `""`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var moment, again zenmlapi.Timestamp
		if json.Unmarshal([]byte(text), &moment) != nil {
			return
		}
		if err := again.UnmarshalJSON([]byte(moment.Format(`"2006-01-02T15:04:05.999999999"`))); err != nil || !again.Equal(moment.Time) {
			t.Fatalf("%q was read as %v, and then as %v, %v", text, moment, again, err)
		}
	})
}
