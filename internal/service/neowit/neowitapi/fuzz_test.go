package neowitapi_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest/resttest"
	"github.com/machineid/terraform-provider-machineid/internal/service/neowit/neowitapi"
)

// newHostile starts a hostile server, with the calls of a client that speaks to it.
func newHostile(tb testing.TB) *resttest.Hostile {
	tb.Helper()
	s := resttest.NewHostile(tb, "")
	client, err := neowitapi.New(neowitapi.Config{BaseURL: s.URL, Login: neowitapi.Login{AccessToken: "the-token"}})
	if err != nil {
		tb.Fatal(err)
	}
	s.Calls = map[string]func(context.Context) (any, error){
		"create account": func(ctx context.Context) (any, error) {
			return client.CreateServiceAccount(ctx, "", neowitapi.ServiceAccountFields{Name: "ci"})
		},
		"read account": func(ctx context.Context) (any, error) { return client.ServiceAccount(ctx, "", "a1", time.Time{}) },
		"list accounts": func(ctx context.Context) (any, error) {
			found, err := client.ServiceAccounts(ctx, "")
			return map[string]any{"serviceAccounts": found}, err
		},
		"create key": func(ctx context.Context) (any, error) {
			made, err := client.CreateKey(ctx, "", "a1")
			key := resttest.OrEmpty(made)
			return map[string]any{"keyId": key.ID, "created": key.Created, "secret": key.Secret}, err
		},
	}
	s.Own = []error{neowitapi.ErrIncompleteList}
	return s
}

// FuzzAnswers: whatever is answered, a call either understands it, and understands the same when it is answered what it
// understood, or ends with an error of a known kind that can be shown.
func FuzzAnswers(f *testing.F) {
	newHostile(f).Answers(f,
		`{"id":"a1","name":"ci","created":1600000000,"keys":[{"keyId":"k1","created":"1.5"}]}`, `{"keyId":"k1","secret":"s","created":1e300}`,
		`[{"id":"a1"}]`, `{"serviceAccounts":[],"nextPageToken":"x"}`, `{"serviceAccount":{"id":"a1","keys":null}}`, `{"any":[{"id":"a1"}]}`,
		`{"reason":"m","status":"FORBIDDEN","traceID":"t","validations":{"name":"n"}}`, `{"error":"e","error_description":"d"}`,
	)
}

// FuzzErrorBodies: the body of an error is read into words, or into none, and its text is read the same when it stands in
// the vendor's own form.
func FuzzErrorBodies(f *testing.F) {
	for _, body := range []string{``, `{}`, `[]`, `null`, `<html>`, `plain`, `{"reason":"m","status":"s","traceID":"t","validations":{"a":"b"}}`, `{"error":"m"}`} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		code, message := neowitapi.ParseError(http.StatusForbidden, []byte(body))
		if code+message == "" {
			return
		}
		if len(code)+len(message) > 8*len(body)+16 {
			t.Fatalf("%d bytes became a code of %d and a message of %d", len(body), len(code), len(message))
		}
		encoded, err := json.Marshal(map[string]any{"reason": message, "status": code})
		if err != nil {
			t.Fatal(err)
		}
		sameCode, sameMessage := neowitapi.ParseError(http.StatusForbidden, encoded)
		if sameCode != code || sameMessage != message {
			t.Fatalf("%q was read as %q, %q, and %q as %q, %q", body, code, message, encoded, sameCode, sameMessage)
		}
	})
}

// An id that leads elsewhere, or steers a terminal, is told and not used.
func TestHostileIDs(t *testing.T) {
	t.Parallel()
	newHostile(t).MustRefuseIDs(t, "usable id", map[string]string{
		"create account": `{"id":"<id>"}`,
		"list accounts":  `[{"id":"<id>"}]`,
		"read account":   `{"id":"a1","keys":[{"keyId":"<id>"}]}`,
		"create key":     `{"keyId":"<id>","secret":"the-secret-of-the-key"}`,
	})
}

// FuzzMoments: what is read as a moment can be written as a date, and is read the same when it is written as a number.
func FuzzMoments(f *testing.F) {
	for _, text := range []string{`1600000000`, `"1600000000"`, `1.5`, `-1`, `1e300`, `"1e300"`, `null`, `""`, `253402300800`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var moment, again neowitapi.Unix
		if json.Unmarshal([]byte(text), &moment) != nil {
			return
		}
		if _, err := moment.Time().MarshalJSON(); err != nil {
			t.Fatalf("%q was read as %d: %v", text, moment, err)
		}
		encoded, err := json.Marshal(moment)
		if err != nil || json.Unmarshal(encoded, &again) != nil || again != moment {
			t.Fatalf("%q was read as %d, and then as %d, %v", text, moment, again, err)
		}
	})
}
