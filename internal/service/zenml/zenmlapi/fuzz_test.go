package zenmlapi_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"unicode/utf8"

	"github.com/machineid/terraform-provider-machineid/internal/rest/resttest"
	"github.com/machineid/terraform-provider-machineid/internal/service/zenml/zenmlapi"
)

// newHostile starts a hostile server, with the calls of a client that speaks to it.
func newHostile(tb testing.TB) *resttest.Hostile {
	tb.Helper()
	s := resttest.NewHostile(tb, "")
	client, err := zenmlapi.New(zenmlapi.Config{ServerURL: s.URL, Login: zenmlapi.Login{APIToken: "the-token"}})
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
	s.Calls = map[string]func(context.Context) (any, error){
		"create account": func(ctx context.Context) (any, error) {
			made, err := client.CreateServiceAccount(ctx, zenmlapi.ServiceAccountCreate{Name: "ci"})
			return account(resttest.OrEmpty(made)), err
		},
		"read account": func(ctx context.Context) (any, error) {
			found, err := client.ServiceAccount(ctx, "a1")
			return account(resttest.OrEmpty(found)), err
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
			return key(resttest.OrEmpty(made)), err
		},
		"read key": func(ctx context.Context) (any, error) {
			found, err := client.APIKey(ctx, "a1", "k1")
			return key(resttest.OrEmpty(found)), err
		},
		"current user": func(ctx context.Context) (any, error) {
			found, err := client.CurrentUser(ctx)
			caller := resttest.OrEmpty(found)
			return map[string]any{"id": caller.ID, "body": map[string]any{"is_service_account": caller.IsServiceAccount}}, err
		},
	}
	s.Own = []error{zenmlapi.ErrNoSuchName}
	return s
}

// FuzzAnswers: whatever is answered, a call either understands it, and understands the same when it is answered what it
// understood, or ends with an error of a known kind that can be shown.
func FuzzAnswers(f *testing.F) {
	newHostile(f).Answers(f,
		accountJSON, `{"total_pages":3,"items":[`+accountJSON+`]}`, `{"detail":["KeyError","m"]}`, `{"detail":"\u001b[31m"}`,
		`{"id":"k1","name":"ci","body":{"key":"ZENKEY_x","created":"2026-01-02 03:04:05.5","service_account":{"id":"a1"}},"metadata":{"last_login":null}}`,
	)
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

// An id that leads elsewhere, or steers a terminal, is told and not used.
func TestHostileIDs(t *testing.T) {
	t.Parallel()
	newHostile(t).MustRefuseIDs(t, "lacks its usable id", map[string]string{
		"create account": `{"id":"<id>","name":"ci","body":{},"metadata":{}}`,
		"read account":   `{"id":"<id>","name":"ci","body":{},"metadata":{}}`,
		"list accounts":  `{"total_pages":1,"items":[{"id":"<id>","name":"ci","body":{},"metadata":{}}]}`,
		"create key":     `{"id":"<id>","name":"ci","body":{"key":"the-key"},"metadata":{}}`,
		"read key":       `{"id":"<id>","name":"ci","body":{},"metadata":{}}`,
	})
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
