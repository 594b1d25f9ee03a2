package keycard_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// combination is a value of each switch, and what follows from them.
type combination map[string]string

// String names the switches that are not at their defaults.
func (c combination) String() string {
	var names []string
	for _, factor := range switches {
		if value := c[factor.name]; value != factor.values[0] {
			names = append(names, factor.name+"="+value)
		}
	}
	return strings.Join(names, " ")
}

// clearable tells that a description can be removed.
func (c combination) clearable() bool {
	return c["empty_description"] != "refuse" || c["null_description"] == "clear"
}

// The lifecycle of an account and its credential must come out right whichever way the API turns out.
func TestLifecycleInEveryPairOfSwitches(t *testing.T) {
	t.Parallel()
	for number, row := range pairwise(switches) {
		chosen := combinationOf(row)
		// All its switches would make too long a name for the file of a log.
		t.Run(fmt.Sprintf("combination %d", number+1), func(t *testing.T) {
			t.Parallel()
			t.Log(chosen.String())
			server := target(t)
			server.box.Set(t, "keycard", chosen)
			env := server.env
			if chosen["organizations"] == "several" {
				env = acctest.With(env, "KEYCARD_ORGANIZATION_ID", ownLabel)
			}
			r := run{t: t, server: server, combination: chosen, workspace: acctest.NewWorkspace(t, env)}
			r.workspace.Copy("internal/service/keycard/testdata/matrix/lifecycle.tf")
			r.create()
			r.change()
			r.vanish()
		})
	}
}

// run is the lifecycle in one combination.
type run struct {
	combination
	t         *testing.T
	server    server
	workspace *acctest.Workspace
}

// held is what the state has of an object, by its resource.
func (r run) held(address, attribute string) string {
	r.t.Helper()
	text, _ := r.workspace.Value(address, attribute).(string)
	return text
}

func (r run) create() {
	r.t.Helper()
	r.workspace.Variables(map[string]string{"description": "set"})
	r.workspace.MustApply()
	account, credential := r.server.held(r.t, accounts, r.held(accountAddress, "id")), r.server.held(r.t, credentials, r.held(credentialAddress, "id"))
	if account.Name != "ci" || account.Description != "set" || account.Parent != r.server.own || credential.Name != "ci 1" || credential.Description != "set" || credential.Parent != account.ID {
		r.t.Errorf("created %+v and %+v", account, credential)
	}
	if !r.server.accepts(r.t, r.held(credentialAddress, "client_id"), r.held(credentialAddress, "client_secret")) {
		r.t.Error("the credential in state is refused")
	}
	if r.workspace.Value("data."+accountAddress, "permissions") == nil {
		r.t.Error("the permissions are not told")
	}
	r.quiet()
}

// change renames, removes the descriptions, rotates, and meets what is in the way.
func (r run) change() {
	r.t.Helper()
	account, clientID, secret := r.held(accountAddress, "id"), r.held(credentialAddress, "client_id"), r.held(credentialAddress, "client_secret")
	r.workspace.Variables(map[string]string{"name": "renamed", "quarter": "2", "intruders": "1"})
	printed, err := r.workspace.Apply()
	for words, want := range map[string]bool{
		"Cannot create Keycard service account credential":       true,
		"There is no service account 00000000000000000000000000": true,
		"Cannot update Keycard service account":                  !r.clearable(),
		"status 400":                                             !r.clearable(),
		"status 409":                                             r.combination["unique_names"] == "on",
		"terraform import '<address of this resource>'":          r.combination["unique_names"] == "on",
		"<h1>": false,
	} {
		if err == nil || acctest.Said(printed, words) != want {
			r.t.Errorf("%q in what is printed: %t, want %t; %v:\n%s", words, !want, want, err, printed)
		}
	}
	final, left := map[string]string{"name": "renamed", "quarter": "2"}, ""
	if !r.clearable() {
		final["description"], left = "changed", "changed"
	}
	r.workspace.Variables(final)
	r.workspace.MustApply()
	found := r.server.held(r.t, accounts, account)
	if found.Name != "renamed" || found.Description != left || r.held(accountAddress, "id") != account {
		r.t.Errorf("changed to %+v", found)
	}
	if renewed := r.held(credentialAddress, "client_id"); renewed == clientID || r.server.accepts(r.t, clientID, secret) ||
		!r.server.accepts(r.t, renewed, r.held(credentialAddress, "client_secret")) {
		r.t.Error("the credential was not rotated")
	}
	r.quiet()
}

// vanish deletes the account elsewhere, and then destroys.
func (r run) vanish() {
	r.t.Helper()
	r.server.hand.delete(r.t, r.held(accountAddress, "id"))
	r.server.later(r.t)
	r.workspace.Write("main.tf", accountNamed("renamed")+credentialOf(accountAddress+".id"))
	plan, printed, _ := r.workspace.Plan()
	if acctest.Actions(plan, accountAddress) != "create" || acctest.Actions(plan, credentialAddress) != "create" || !acctest.Said(printed, "with that account, no longer exists") {
		r.t.Errorf("account and credential are to be made anew:\n%s", printed)
	}
	r.workspace.MustDestroy(withoutRefresh)
	r.server.box.MustBeEmpty(r.t, "keycard")
}

// quiet plans, and fails unless there is neither a change nor drift. The credential was used just before.
func (r run) quiet() {
	r.t.Helper()
	if plan, printed, changes := r.workspace.Plan(); changes || len(plan.ResourceDrift) > 0 {
		r.t.Errorf("a plan after apply shows changes or drift:\n%s", printed)
	}
}
