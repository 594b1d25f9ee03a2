package keycard_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// What somebody else changes is found by the plan and put right by the apply, of accounts and of credentials alike.
func TestDriftIsRepaired(t *testing.T) {
	t.Parallel()
	server := target(t)
	w := acctest.NewWorkspace(t, server.env)
	const described = "description = \"set\""
	w.Write("main.tf", accountNamed("ci", described)+credentialOf(accountAddress+".id", described))
	w.MustApply()
	account, credential := w.Value(accountAddress, "id").(string), w.Value(credentialAddress, "id").(string)
	clientID, secret := w.Value(credentialAddress, "client_id").(string), w.Value(credentialAddress, "client_secret").(string)
	for _, test := range []struct {
		fields map[string]any
		want   string
	}{
		{map[string]any{"name": "renamed"}, "update"},
		{map[string]any{"name": "CI"}, "update"},
		{map[string]any{"description": "changed"}, "update"},
		{map[string]any{"description": ""}, "update"},
		{map[string]any{"name": "ci"}, "no-op"}, // moves updated_at
	} {
		server.hand.patch(t, account, test.fields)
		server.hand.patch(t, account+"/credentials/"+credential, test.fields)
		if !server.accepts(t, clientID, secret) { // moves last_used_at
			t.Fatal("the credential in state is refused")
		}
		plan, printed, _ := w.Plan()
		if acctest.Actions(plan, accountAddress) != test.want || acctest.Actions(plan, credentialAddress) != test.want || (len(plan.ResourceDrift) > 0) != (test.want == "update") {
			t.Errorf("%v: both are to have the action %q:\n%s", test.fields, test.want, printed)
		}
		w.MustApply(w.SavedPlan())
		for noun, id := range map[string]string{accounts: account, credentials: credential} {
			if found := server.held(t, noun, id); found.Name != "ci" || found.Description != "set" {
				t.Errorf("%v was not repaired: %+v", test.fields, found)
			}
		}
	}
	w.MustBeQuiet()

	// What was removed elsewhere, and here too, needs no change. What is added to it does.
	removed := map[string]any{"description": ""}
	server.hand.patch(t, account, removed)
	server.hand.patch(t, account+"/credentials/"+credential, removed)
	w.Write("main.tf", accountNamed("ci")+credentialOf(accountAddress+".id"))
	if _, printed, changes := w.Plan(); changes {
		t.Errorf("nothing is to be changed:\n%s", printed)
	}
	w.MustApply()
	added := map[string]any{"description": "added"}
	server.hand.patch(t, account, added)
	server.hand.patch(t, account+"/credentials/"+credential, added)
	w.MustApply()
	if server.held(t, accounts, account).Description != "" || server.held(t, credentials, credential).Description != "" {
		t.Error("a description that was added is still there")
	}
	if w.Value(credentialAddress, "client_secret") != secret || !server.accepts(t, clientID, secret) {
		t.Error("the secret was lost on the way")
	}
	w.MustDestroy()
	server.box.MustBeEmpty(t, "keycard")
}

// What was deleted elsewhere leaves the state with a warning, and what is in it with it.
func TestDeletedElsewhere(t *testing.T) {
	t.Parallel()
	server := target(t)
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", accountNamed("ci")+credentialOf(accountAddress+".id"))
	w.MustApply()
	account, credential := w.Value(accountAddress, "id").(string), w.Value(credentialAddress, "id").(string)
	server.hand.delete(t, account+"/credentials/"+credential)
	server.later(t)
	server.box.ForgetRequests(t)
	const gone = "Keycard service account credential was deleted outside Terraform"
	plan, printed, _ := w.Plan()
	if acctest.Actions(plan, accountAddress) != "no-op" || acctest.Actions(plan, credentialAddress) != "create" ||
		!acctest.Said(printed, gone, `Credential "ci" (`+credential+`) of service account `+account+` no longer exists and leaves the state`) || acctest.Said(printed, "with that account") {
		t.Errorf("the credential is to leave the state with a warning:\n%s", printed)
	}
	// An old object is not waited for, and proven gone by one more request.
	if missed, listed := server.answered(t, http.MethodGet, http.StatusNotFound), server.routed(t, http.MethodGet, "/credentials", 0); missed != 1 || listed != 1 {
		t.Errorf("%d requests were answered 404, and %d listed credentials; want 1 and 1", missed, listed)
	}
	w.MustApply()
	credential = w.Value(credentialAddress, "id").(string)

	// The account goes with its live credential.
	server.hand.delete(t, account)
	server.later(t)
	plan, printed, _ = w.Plan()
	if acctest.Actions(plan, accountAddress) != "create" || acctest.Actions(plan, credentialAddress) != "create" ||
		!acctest.Said(printed, "Keycard service account was deleted outside Terraform", `Service account "ci" (`+account+`) no longer exists and leaves the state`) ||
		!acctest.Said(printed, gone, `Credential "ci" (`+credential+`) of service account `+account+`, with that account, no longer exists`) {
		t.Errorf("both are to leave the state with a warning:\n%s", printed)
	}
	w.MustApply()
	w.MustBeQuiet()

	// A destroy that meets the same, without having looked before.
	server.hand.delete(t, w.Value(accountAddress, "id").(string))
	server.later(t)
	w.MustDestroy(withoutRefresh)
	server.box.MustBeEmpty(t, "keycard")
}

// A credential whose account somebody else deleted is not updated.
func TestUpdatesOfWhatIsGone(t *testing.T) {
	t.Parallel()
	server := target(t)
	account := server.hand.createAccount(t, "holder")
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", accountNamed("ci")+credentialOf(quoted(account)))
	w.MustApply()
	server.hand.delete(t, w.Value(accountAddress, "id").(string))
	server.hand.delete(t, account)
	server.later(t)
	w.Write("main.tf", accountNamed("renamed")+credentialOf(quoted(account), "description = \"late\""))
	printed, err := w.Apply(withoutRefresh)
	if err == nil || !acctest.Said(printed, "Cannot update Keycard service account\n", "status 404", "It was deleted elsewhere. Run a plan") ||
		!acctest.Said(printed, "Cannot update Keycard service account credential", "status 404", "The service account does not exist in this organization, and its credentials went with it") {
		t.Errorf("the updates ended with %v:\n%s", err, printed)
	}
}

// An account that Terraform deletes takes along what was made in it by hand.
func TestAnAccountGoesWithCredentialsOfOthers(t *testing.T) {
	t.Parallel()
	server := target(t)
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", accountNamed("ci")+credentialOf(accountAddress+".id"))
	w.MustApply()
	_, clientID, secret := server.hand.createCredential(t, w.Value(accountAddress, "id").(string), "by hand")
	w.MustBeQuiet()
	w.MustDestroy()
	if server.accepts(t, clientID, secret) {
		t.Error("the credential that was made by hand is still accepted")
	}
	server.box.MustBeEmpty(t, "keycard")
}

// What was just made may not be visible yet. That it is missing is waited out by whatever comes next, and by the server's
// clock: that of this machine may be anywhere.
func TestDelayedVisibility(t *testing.T) {
	t.Parallel()
	config := func(holder, name, account, description string) string {
		return strings.Replace(accountNamed(name), `"test"`, `"alone"`, 1) + accountNamed("ci") + credentialOf(account, line("description", description)) +
			strings.Replace(credentialOf(quoted(holder)), `"test"`, `"held"`, 1)
	}
	for method, next := range map[string]func(w *acctest.Workspace, holder string){
		http.MethodGet: func(w *acctest.Workspace, _ string) {
			if _, printed, changes := w.Plan(); changes {
				t.Errorf("a plan right after the apply is not empty:\n%s", printed)
			}
		},
		http.MethodPatch: func(w *acctest.Workspace, holder string) {
			w.Write("main.tf", config(holder, "renamed", quoted(w.Value(accountAddress, "id").(string)), "late"))
			w.MustApply(withoutRefresh)
		},
		http.MethodDelete: func(w *acctest.Workspace, _ string) { w.MustDestroy(withoutRefresh) },
	} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			server.box.Set(t, "clock", map[string]string{"offset": "-7h"})
			holder := server.hand.createAccount(t, "visible for long")
			server.box.Set(t, "clock", map[string]string{"offset": "-5h"})
			server.set(t, "replica_lag_ms", "1200")
			w := acctest.NewWorkspace(t, server.env)
			w.Write("main.tf", config(holder, "alone", accountAddress+".id", "early"))
			w.MustApply()
			if early := server.answered(t, http.MethodPost, http.StatusNotFound); early == 0 {
				t.Error("the account was visible at once, so nothing was tested")
			}
			// Nothing refers to anything, so that all is read at once.
			w.Write("main.tf", config(holder, "alone", quoted(w.Value(accountAddress, "id").(string)), "early"))
			server.hideUntilMissed(t, method, "/service-accounts/{account}", "/credentials/{credential}")
			next(w, holder)
			server.later(t)
			w.MustDestroy()
			if left := server.box.Made(t, "keycard"); len(left) != 1 || left[0].ID != holder {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

// hideUntilMissed hides what was made until a method has met a 404 on each of the routes. The test fails if it never does.
func (s server) hideUntilMissed(t *testing.T, method string, routes ...string) {
	t.Helper()
	s.set(t, "replica_lag_ms", "3600000")
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for range 200 {
			open := slices.DeleteFunc(slices.Clone(routes), func(route string) bool { return s.routed(t, method, route, http.StatusNotFound) > 0 })
			if len(open) == 0 {
				s.set(t, "replica_lag_ms", "0")
				return
			}
			<-time.After(100 * time.Millisecond)
		}
		t.Errorf("no %s came too early on one of %q, so nothing was tested", method, routes)
	}()
	t.Cleanup(func() { <-ended })
}
