package dtapi_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest/resttest"
	"github.com/machineid/terraform-provider-machineid/internal/service/dt/dtapi"
)

// newHostile starts a hostile server, with the calls of a client that speaks to it.
func newHostile(tb testing.TB) *resttest.Hostile {
	tb.Helper()
	s := resttest.NewHostile(tb, "")
	client, err := dtapi.New(dtapi.Config{BaseURL: s.URL, KeyID: "k1", Secret: "the-secret", Basic: true})
	if err != nil {
		tb.Fatal(err)
	}
	s.Calls = map[string]func(context.Context) (any, error){
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
			return map[string]any{"key": made, "secret": resttest.OrEmpty(made).Secret}, err
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
	newHostile(f).Answers(f,
		accountJSON, `{"serviceAccounts":[`+accountJSON+`],"nextPageToken":"x"}`, `{"key":`+keyJSON+`,"secret":"s"}`, keyJSON,
		`{"keys":[`+keyJSON+`]}`, `{"roles":[{"name":"roles/project.user"}]}`, `{"error":"m","code":403,"help":"h"}`,
		`{"members":[{"name":"projects/p1/members/m1","email":"ada@example.com","roles":["roles/project.user"]}],"nextPageToken":""}`,
	)
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

// An id that leads elsewhere, or steers a terminal, is told and not used.
func TestHostileIDs(t *testing.T) {
	t.Parallel()
	newHostile(t).MustRefuseIDs(t, "lacks its usable name", map[string]string{
		"create account": `{"name":"projects/p1/serviceaccounts/<id>","email":"e"}`,
		"read account":   `{"name":"projects/p1/serviceaccounts/<id>","email":"e"}`,
		"list accounts":  `{"serviceAccounts":[{"name":"projects/p1/serviceaccounts/<id>","email":"e"}]}`,
		"create key":     `{"key":{"name":"` + account + `/keys/<id>","id":"k1"},"secret":"the-secret-of-the-key"}`,
		"list keys":      `{"keys":[{"name":"` + account + `/keys/<id>","id":"k1"}]}`,
		"create member":  `{"name":"projects/p1/members/<id>","email":"e"}`,
		"list members":   `{"members":[{"name":"projects/p1/members/<id>","email":"e"}]}`,
	})
}
