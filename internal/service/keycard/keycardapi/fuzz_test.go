package keycardapi_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/machineid/terraform-provider-machineid/internal/rest/resttest"
	"github.com/machineid/terraform-provider-machineid/internal/service/keycard/keycardapi"
)

// newHostile starts a hostile server, with the calls of a client that speaks to it.
func newHostile(tb testing.TB) *resttest.Hostile {
	tb.Helper()
	s := resttest.NewHostile(tb, "/service-account-token")
	client, err := keycardapi.New(keycardapi.Config{BaseURL: s.URL, ClientID: "c1", ClientSecret: "the-secret"})
	if err != nil {
		tb.Fatal(err)
	}
	s.Calls = map[string]func(context.Context) (any, error){
		"create account": func(ctx context.Context) (any, error) {
			return client.CreateServiceAccount(ctx, "o1", keycardapi.Fields{Name: "ci"})
		},
		"read account": func(ctx context.Context) (any, error) {
			return client.ServiceAccount(ctx, "o1", "a1", time.Time{}, false)
		},
		"list accounts": func(ctx context.Context) (any, error) {
			found, err := client.ServiceAccounts(ctx, "o1", false)
			return map[string]any{"items": resttest.OrEmpty(found).Items, "page_info": map[string]any{}, "permissions": resttest.OrEmpty(found).Permissions}, err
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
			return map[string]any{"items": resttest.OrEmpty(found).Items, "page_info": map[string]any{}, "permissions": resttest.OrEmpty(found).Permissions}, err
		},
		"read organization": func(ctx context.Context) (any, error) { return client.Organization(ctx, "o1", false) },
	}
	return s
}

// FuzzAnswers: whatever is answered, a call either understands it, and understands the same when it is answered what it
// understood, or ends with an error of a known kind that can be shown.
func FuzzAnswers(f *testing.F) {
	newHostile(f).Answers(f,
		`{"id":"a1","name":"ci","created_at":"2026-01-02T03:04:05Z"}`, `{"items":[{"id":"a1","client_id":"c"}],"page_info":{"has_next_page":true,"end_cursor":"x"}}`,
		`{"id":"k1","client_id":"c","client_secret":"s","permissions":{"a":{"b":true}}}`, `{"id":"o1","label":"acme"}`, `{"message":"m","code":"c","status":403}`, `plain words`,
	)
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

// An id that leads elsewhere, or steers a terminal, is told and not used.
func TestHostileIDs(t *testing.T) {
	t.Parallel()
	newHostile(t).MustRefuseIDs(t, "lacks its usable id", map[string]string{
		"create account":    `{"id":"<id>"}`,
		"list accounts":     `{"items":[{"id":"<id>"}]}`,
		"create credential": `{"id":"<id>","client_id":"c","client_secret":"the-secret-of-it"}`,
		"list credentials":  `{"items":[{"id":"<id>","client_id":"c"}]}`,
		"read organization": `{"id":"<id>","label":"o1"}`,
	})
}
