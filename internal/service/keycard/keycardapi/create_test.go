package keycardapi_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
	"github.com/machineid/terraform-provider-machineid/internal/rest/resttest"
	"github.com/machineid/terraform-provider-machineid/internal/service/keycard/keycardapi"
)

func hasSuffix(err error, text string) bool { return strings.HasSuffix(errorText(err), text) }

// What exists on the server must not be lost because something else in the answer is odd.
func TestACreatedCredentialIsNeverLost(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		body, id, clientID, secret string
		whole                      bool
	}{
		"as it should be":           {createdJSON, "k1", "cid1", "n3w-s3cr3t", true},
		"with more than that":       {`{"id":"k1","client_id":"cid1","client_secret":"n3w-s3cr3t","more":{"a":[]},"description":null}`, "k1", "cid1", "n3w-s3cr3t", true},
		"without a moment":          {`{"id":"k1","client_id":"cid1","client_secret":"n3w-s3cr3t"}`, "k1", "cid1", "n3w-s3cr3t", true},
		"with a number for moment":  {`{"created_at":1767323045,"id":"k1","client_id":"cid1","client_secret":"n3w-s3cr3t"}`, "k1", "cid1", "n3w-s3cr3t", false},
		"with an odd moment":        {`{"created_at":"today","id":"k1","client_id":"cid1","client_secret":"n3w-s3cr3t"}`, "k1", "cid1", "n3w-s3cr3t", false},
		"with an odd last use":      {`{"last_used_at":{},"id":"k1","client_id":"cid1","client_secret":"n3w-s3cr3t"}`, "k1", "cid1", "n3w-s3cr3t", false},
		"with an odd name":          {`{"name":17,"id":"k1","client_id":"cid1","client_secret":"n3w-s3cr3t"}`, "k1", "cid1", "n3w-s3cr3t", false},
		"with odd permissions":      {`{"permissions":["a"],"id":"k1","client_id":"cid1","client_secret":"n3w-s3cr3t"}`, "k1", "cid1", "n3w-s3cr3t", false},
		"without the client id":     {`{"id":"k1","client_secret":"n3w-s3cr3t"}`, "k1", "", "n3w-s3cr3t", false},
		"with an odd client id":     {`{"client_id":17,"id":"k1","client_secret":"n3w-s3cr3t"}`, "k1", "", "n3w-s3cr3t", false},
		"without the secret":        {credentialJSON, "k1", "cid1", "", false},
		"with a secret of null":     {`{"id":"k1","client_id":"cid1","client_secret":null}`, "k1", "cid1", "", false},
		"with an odd secret":        {`{"client_secret":{"is":"n3w-s3cr3t"},"id":"k1","client_id":"cid1"}`, "k1", "cid1", "", false},
		"with its id alone":         {`{"id":"k1"}`, "k1", "", "", false},
		"without the id":            {`{"client_id":"cid1","client_secret":"n3w-s3cr3t"}`, "", "", "", false},
		"with an odd id":            {`{"id":17,"client_id":"cid1","client_secret":"n3w-s3cr3t"}`, "", "", "", false},
		"with nothing in it":        {`{}`, "", "", "", false},
		"with nothing at all":       {`null`, "", "", "", false},
		"with a list":               {`[]`, "", "", "", false},
		"with a page in between":    {page, "", "", "", false},
		"with an empty answer":      {``, "", "", "", false},
		"with an answer that ended": {`{"id":"k1","client_id":"cid1","client_sec`, "", "", "", false},
	} {
		for _, status := range []int{200, 201, 202} {
			s := serve(t, map[string][]answer{"POST " + credentials: {{status, test.body}}})
			made, err := s.client().CreateCredential(t.Context(), "acme", "sa1", keycardapi.Fields{Name: "main"})
			if test.whole != (err == nil) || strings.Contains(errorText(err), "n3w-s3cr3t") {
				t.Errorf("%s, %d: %v", name, status, err)
			}
			if (made != nil) != (test.id != "") || made != nil && (made.ID != test.id || made.ClientID != test.clientID || made.ClientSecret != test.secret) {
				t.Errorf("%s, %d: got %+v", name, status, made)
			}
			var incomplete *rest.IncompleteError
			if made != nil && err != nil && (!errors.As(err, &incomplete) || incomplete.Object != "k1") {
				t.Errorf("%s, %d: %v", name, status, err)
			}
			if bodies := s.bodies("POST " + credentials); len(bodies) != 1 || bodies[0] != `{"name":"main"}` {
				t.Errorf("%s, %d: sent %q", name, status, bodies)
			}
		}
	}
}

func TestACreatedAccountIsNeverLost(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		body, id string
		whole    bool
	}{
		"as it should be":          {accountJSON, "sa1", true},
		"with the id alone":        {`{"id":"sa1"}`, "sa1", true},
		"with a number for moment": {`{"created_at":1767323045,"id":"sa1"}`, "sa1", false},
		"with an odd moment":       {`{"updated_at":"today","id":"sa1"}`, "sa1", false},
		"with an odd name":         {`{"name":17,"id":"sa1"}`, "sa1", false},
		"without the id":           {`{"name":"ci"}`, "", false},
		"with an odd id":           {`{"id":{},"name":"ci"}`, "", false},
		"with nothing in it":       {`null`, "", false},
	} {
		for _, status := range []int{200, 201} {
			s := serve(t, map[string][]answer{"POST " + accounts: {{status, test.body}}})
			made, err := s.client().CreateServiceAccount(t.Context(), "acme", keycardapi.Fields{Name: "ci", Description: "builds"})
			var incomplete *rest.IncompleteError
			if test.whole != (err == nil) || !test.whole && !errors.As(err, &incomplete) || (made != nil) != (test.id != "") || made != nil && made.ID != test.id {
				t.Errorf("%s, %d: got %+v, %v", name, status, made, err)
			}
			if bodies := s.bodies("POST " + accounts); len(bodies) != 1 || bodies[0] != `{"name":"ci","description":"builds"}` {
				t.Errorf("%s, %d: sent %q", name, status, bodies)
			}
		}
	}
}

// creates are both creations.
func creates(t *testing.T, client *keycardapi.Client) map[string]error {
	t.Helper()
	_, accountErr := client.CreateServiceAccount(t.Context(), "acme", fields)
	_, credentialErr := client.CreateCredential(t.Context(), "acme", "sa1", fields)
	return map[string]error{"POST " + accounts: accountErr, "POST " + credentials: credentialErr}
}

// A second object would be nobody's.
func TestCreatesAreNotRepeatedBlindly(t *testing.T) {
	t.Parallel()
	for _, status := range []int{500, 502, 503, 504, 408, 409, resttest.Cut} {
		s := serve(t, map[string][]answer{"POST " + accounts: {{status, `{}`}, {201, accountJSON}}, "POST " + credentials: {{status, `{}`}, {201, createdJSON}}})
		config := s.config()
		config.HTTP.MaxRetries = 3
		for route, err := range creates(t, newClient(t, config)) {
			if err == nil || len(s.Requests(route)) != 1 {
				t.Errorf("status %d: %s was sent %d times: %v", status, route, len(s.Requests(route)), err)
			}
		}
	}
}

// The answer holds the only copy of the secret, so an interrupt that comes meanwhile does not cut it off.
func TestAnInterruptDoesNotCutACreate(t *testing.T) {
	t.Parallel()
	for route, create := range map[string]func(context.Context, *keycardapi.Client) error{
		"POST " + accounts: func(ctx context.Context, client *keycardapi.Client) error {
			made, err := client.CreateServiceAccount(ctx, "acme", fields)
			if err == nil && made.ID != "sa1" {
				t.Errorf("got %+v", made)
			}
			return err
		},
		"POST " + credentials: func(ctx context.Context, client *keycardapi.Client) error {
			made, err := client.CreateCredential(ctx, "acme", "sa1", fields)
			if err == nil && made.ClientSecret != "n3w-s3cr3t" {
				t.Errorf("got %+v", made)
			}
			return err
		},
	} {
		s := serve(t, map[string][]answer{"POST " + accounts: {{201, accountJSON}}, "POST " + credentials: {{201, createdJSON}}})
		ctx, interrupt := context.WithCancel(t.Context())
		s.Before = func(r *http.Request) {
			if r.Method+" "+r.URL.Path != route {
				return
			}
			interrupt()
			select { // who does not wait any more hangs up, at once
			case <-r.Context().Done():
			case <-time.After(100 * time.Millisecond):
			}
		}
		if err := create(ctx, s.client()); err != nil || ctx.Err() == nil {
			t.Errorf("%s: %v", route, err)
		}
	}
}

// The client knows a secret from when it was made, and keeps it out of every later error.
func TestANewSecretIsMasked(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string][]answer{
		"POST " + credentials:  {{201, createdJSON}},
		"DELETE " + credential: {{400, `{"message":"cannot delete n3w-s3cr3t"}`}},
	})
	client := s.client()
	if _, err := client.CreateCredential(t.Context(), "acme", "sa1", fields); err != nil {
		t.Fatal(err)
	}
	if err := credentialCall[2].do(t, client); !hasSuffix(err, "cannot delete (secret)") {
		t.Errorf("%v", err)
	}
}
