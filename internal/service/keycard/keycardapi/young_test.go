package keycardapi_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/service/keycard/keycardapi"
)

// ages are calls on objects that were made at some moment.
var ages = map[string]func(ctx context.Context, client *keycardapi.Client, created time.Time) error{
	"GET " + account: func(ctx context.Context, client *keycardapi.Client, created time.Time) error {
		_, err := client.ServiceAccount(ctx, "acme", "sa1", created, false)
		return err
	},
	"PATCH " + account: func(ctx context.Context, client *keycardapi.Client, created time.Time) error {
		return client.UpdateServiceAccount(ctx, "acme", "sa1", created, renamed)
	},
	"DELETE " + account: func(ctx context.Context, client *keycardapi.Client, created time.Time) error {
		return client.DeleteServiceAccount(ctx, "acme", "sa1", created)
	},
	"GET " + credential: func(ctx context.Context, client *keycardapi.Client, created time.Time) error {
		_, err := client.Credential(ctx, "acme", "sa1", "k1", created, false)
		return err
	},
	"PATCH " + credential: func(ctx context.Context, client *keycardapi.Client, created time.Time) error {
		return client.UpdateCredential(ctx, "acme", "sa1", "k1", created, renamed)
	},
	"DELETE " + credential: func(ctx context.Context, client *keycardapi.Client, created time.Time) error {
		return client.DeleteCredential(ctx, "acme", "sa1", "k1", created)
	},
}

// What was just made, by the server's clock, may be invisible for a moment. Later, or if its age is not known, it is gone.
func TestWhatIsYoungIsWaitedFor(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for name, test := range map[string]struct {
		created time.Time
		want    string
	}{
		"of unknown age": {time.Time{}, "gone"},
		"old":            {now.Add(-30 * time.Second), "gone"},
		"young":          {now.Add(-29 * time.Second), "done"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for route, call := range ages {
				t.Run(route, func(t *testing.T) {
					t.Parallel()
					s := serve(t, map[string][]answer{
						route: {{404, missing}, {200, youngJSON(route)}}, "GET " + accounts: {{200, emptyList}}, "GET " + credentials: {{200, emptyList}},
					})
					s.Date = now.Format(http.TimeFormat)
					sent := map[string]int{"gone": 1, "done": 2}[test.want]
					if err := call(t.Context(), s.client(), test.created); outcome(err) != test.want || len(s.Requests(route)) != sent {
						t.Errorf("%s after %d requests: %v", outcome(err), len(s.Requests(route)), err)
					}
				})
			}
		})
	}
}

func youngJSON(route string) string {
	if route == "GET "+credential {
		return credentialJSON
	}
	return accountJSON
}

// An interrupt ends the wait for what is young, and then nothing is concluded, even where the lists are known.
func TestAnInterruptEndsTheWait(t *testing.T) {
	t.Parallel()
	for route, call := range ages {
		for _, known := range []bool{true, false} {
			s := serve(t, map[string][]answer{route: {{404, missing}}, "GET " + accounts: {{200, emptyList}}, "GET " + credentials: {{200, emptyList}}})
			client := s.client()
			if err := call(t.Context(), client, time.Time{}); known && !keycardapi.IsGone(err) {
				t.Errorf("%s: %v", route, err)
			}
			if !known {
				client = s.client()
			}
			before := len(s.Requests(route))
			ctx, interrupt := context.WithCancel(t.Context())
			s.Before = func(r *http.Request) {
				if r.Method+" "+r.URL.Path == route {
					time.AfterFunc(50*time.Millisecond, interrupt)
				}
			}
			if err := call(ctx, client, time.Now()); outcome(err) != "not visible yet" || len(s.Requests(route)) != before+1 {
				t.Errorf("%s: known %t: %d requests: %s: %v", route, known, len(s.Requests(route))-before, outcome(err), err)
			}
		}
	}
}

// A credential may be made below an account that this client has just made, and that is not visible yet. Below another one,
// a 404 stands.
func TestACredentialOfAYoungAccount(t *testing.T) {
	t.Parallel()
	made := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	const old = `{"id":"sa1","created_at":"2026-01-02T02:00:00Z"}`
	for name, test := range map[string]struct {
		account string // as the creation answers; "" if it was not made here
		late    time.Duration
		want    string
	}{
		"of this client":                     {accountJSON, 0, "done"},
		"of this client, with no moment":     {`{"id":"sa1"}`, 0, "done"},
		"of this client, with an odd moment": {`{"id":"sa1","created_at":17}`, 0, "done"},
		"of this client, of long ago":        {accountJSON, time.Minute, "gone"},
		"of this client, said to be old":     {old, 0, "gone"},
		"of this client, another one":        {`{"id":"sa2"}`, 0, "gone"},
		"of another":                         {"", 0, "gone"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string][]answer{
				"POST " + accounts: {{201, test.account}}, "GET " + accounts: {{200, emptyList}},
				"POST " + credentials: {{404, missing}, {201, createdJSON}},
			})
			s.Date = made.Add(test.late).Format(http.TimeFormat)
			client := s.client()
			if test.account != "" {
				_, _ = client.CreateServiceAccount(t.Context(), "acme", fields)
			}
			key, err := client.CreateCredential(t.Context(), "acme", "sa1", fields)
			sent := map[string]int{"gone": 1, "done": 2}[test.want]
			if outcome(err) != test.want || (key != nil) != (err == nil) || len(s.Requests("POST "+credentials)) != sent {
				t.Errorf("%s after %d requests: %+v, %v", outcome(err), len(s.Requests("POST "+credentials)), key, err)
			}
		})
	}
}

// So may the credentials of such an account be listed.
func TestCredentialsOfAYoungAccount(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string][]answer{
		"POST " + accounts: {{201, accountJSON}}, "GET " + accounts: {{200, emptyList}},
		"GET " + credentials: {{404, missing}, {200, emptyList}},
	})
	s.Date = "Fri, 02 Jan 2026 03:04:05 GMT"
	client := s.client()
	if _, err := client.CreateServiceAccount(t.Context(), "acme", fields); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Credentials(t.Context(), "acme", "sa1", false); err != nil || len(s.Requests("GET "+credentials)) != 2 {
		t.Errorf("%d requests: %v", len(s.Requests("GET "+credentials)), err)
	}
}

// An interrupt ends the wait for the account, and nothing is created after it.
func TestAnInterruptEndsTheWaitForAnAccount(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string][]answer{
		"POST " + accounts: {{201, `{"id":"sa1"}`}}, "GET " + accounts: {{200, emptyList}}, "POST " + credentials: {{404, missing}, {201, createdJSON}},
	})
	ctx, interrupt := context.WithCancel(t.Context())
	s.Before = func(r *http.Request) {
		if r.URL.Path == credentials {
			time.AfterFunc(50*time.Millisecond, interrupt)
		}
	}
	client := s.client()
	if _, err := client.CreateServiceAccount(ctx, "acme", fields); err != nil {
		t.Fatal(err)
	}
	key, err := client.CreateCredential(ctx, "acme", "sa1", fields)
	if key != nil || outcome(err) != "not visible yet" || len(s.Requests("POST "+credentials)) != 1 {
		t.Errorf("%d requests: %+v, %v", len(s.Requests("POST "+credentials)), key, err)
	}
}
