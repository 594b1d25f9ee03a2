package keycardapi_test

import (
	"fmt"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
	"github.com/machineid/terraform-provider-machineid/internal/service/keycard/keycardapi"
	"github.com/machineid/terraform-provider-machineid/internal/service/keycard/keycardtest"
)

// sandbox is a client of the fake, with its switches turned.
func sandbox(t *testing.T, switches map[string]string) *keycardapi.Client {
	t.Helper()
	fake := keycardtest.New(stage.NewClock(time.Now))
	if err := fake.Options().Check(switches); err != nil {
		t.Fatal(err)
	}
	fake.Options().Set(switches)
	listener := httptest.NewServer(fake)
	t.Cleanup(listener.Close)
	variables := fake.Environment(listener.URL)
	return newClient(t, keycardapi.Config{
		BaseURL: variables["KEYCARD_ENDPOINT"], ClientID: variables["KEYCARD_CLIENT_ID"], ClientSecret: variables["KEYCARD_CLIENT_SECRET"],
	})
}

// A list of several pages is whole, whatever its order.
func TestAListOfSeveralPages(t *testing.T) {
	t.Parallel()
	for _, order := range []string{"oldest", "newest"} {
		client := sandbox(t, map[string]string{"order": order, "default_limit": "1"})
		var want []string
		for i := range 101 {
			made, err := client.CreateServiceAccount(t.Context(), "acme", keycardapi.Fields{Name: fmt.Sprint("account ", i)})
			if err != nil {
				t.Fatal(err)
			}
			want = append(want, made.ID)
		}
		listed, err := client.ServiceAccounts(t.Context(), "acme", true)
		if err != nil || len(listed.Items) != len(want)+1 || listed.Permissions == nil {
			t.Fatalf("%s: %d accounts, %v", order, len(listed.Items), err)
		}
		for _, id := range want {
			if !slices.ContainsFunc(listed.Items, func(found keycardapi.ServiceAccount) bool { return found.ID == id }) {
				t.Errorf("%s: %s is not listed", order, id)
			}
		}
	}
}

// The life of an account and of its credential, whichever way the server does what is open.
func TestALifeOnTheFake(t *testing.T) {
	t.Parallel()
	for name, switches := range map[string]map[string]string{
		"by default":      {},
		"in another way":  {"create_status": "200", "delete_status": "200", "null_description": "clear", "empty_description": "refuse", "expand": "plain", "client_auth": "body"},
		"in a third way":  {"delete_status": "202", "null_description": "clear", "empty_description": "keep", "expand": "brackets", "client_auth": "basic"},
		"in clipped ways": {"error_body": "empty", "empty_cursors": "null", "unique_names": "on"},
		"with pages":      {"error_body": "html", "unknown_route": "html"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, ctx := sandbox(t, switches), t.Context()
			only, err := client.Organization(ctx, "", true)
			if err != nil || only.Label != "acme" || only.Permissions == nil {
				t.Fatalf("%+v, %v", only, err)
			}
			made, err := client.CreateServiceAccount(ctx, only.ID, keycardapi.Fields{Name: "ci", Description: "builds"})
			if err != nil || made.Name != "ci" || made.Description != "builds" {
				t.Fatalf("%+v, %v", made, err)
			}
			if none, err := client.Credentials(ctx, "acme", made.ID, true); err != nil || len(none.Items) != 0 || none.Permissions == nil {
				t.Errorf("%+v, %v", none, err)
			}
			key, err := client.CreateCredential(ctx, only.ID, made.ID, keycardapi.Fields{Name: "main", Description: "signs"})
			if err != nil || key.ClientID == "" || key.ClientSecret == "" {
				t.Fatalf("%+v, %v", key, err)
			}
			// The age is not known, so that a 404 stands at once.
			if err := client.UpdateServiceAccount(ctx, "acme", made.ID, time.Time{}, keycardapi.Change{Description: text("")}); err != nil {
				t.Error(err)
			}
			if err := client.UpdateCredential(ctx, "acme", made.ID, key.ID, time.Time{}, keycardapi.Change{Name: text("second"), Description: text("")}); err != nil {
				t.Error(err)
			}
			account, err := client.ServiceAccount(ctx, "acme", made.ID, time.Time{}, true)
			if err != nil || account.Name != "ci" || account.Description != "" || account.Permissions == nil || !account.UpdatedAt.After(account.CreatedAt) {
				t.Errorf("%+v, %v", account, err)
			}
			credential, err := client.Credential(ctx, "acme", made.ID, key.ID, time.Time{}, true)
			if err != nil || credential.Name != "second" || credential.Description != "" || credential.ClientID != key.ClientID || !credential.LastUsedAt.IsZero() {
				t.Errorf("%+v, %v", credential, err)
			}
			for i, want := range []string{"done", "gone"} {
				if err := client.DeleteCredential(ctx, "acme", made.ID, key.ID, time.Time{}); outcome(err) != want {
					t.Errorf("delete %d of the credential: %v", i+1, err)
				}
			}
			for i, want := range []string{"done", "gone"} {
				if err := client.DeleteServiceAccount(ctx, "acme", made.ID, time.Time{}); outcome(err) != want {
					t.Errorf("delete %d of the account: %v", i+1, err)
				}
			}
			// The list of its credentials was seen, so this tells no more than that the credential is gone.
			if _, err := client.Credential(ctx, "acme", made.ID, key.ID, time.Time{}, false); !keycardapi.IsGone(err) {
				t.Errorf("%v", err)
			}
			if _, err := client.ServiceAccount(ctx, "umbrella", made.ID, time.Time{}, false); outcome(err) != "unproven" {
				t.Errorf("in a foreign organization: %s: %v", outcome(err), err)
			}
		})
	}
}
