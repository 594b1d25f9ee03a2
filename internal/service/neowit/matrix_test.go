package neowit_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-exec/tfexec"

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

// readable tells that an account which is there can be read.
func (c combination) readable() bool { return c["get"] == "on" || c["list"] == "on" }

// paged tells that the list lacks its newest account, and says so.
func (c combination) paged() bool {
	return c["list"] == "on" && c["next_page"] == "on" && c["list_envelope"] == "serviceAccounts"
}

// blind tells that the newest account cannot be read, and may be on another page.
func (c combination) blind() bool { return c["get"] == "off" && c.paged() }

// updatable tells that accounts can be changed.
func (c combination) updatable() bool { return c["update_verb"] != "none" }

const (
	notDetected = "is not detected"
	morePages   = "list has more pages"
)

// nouns are what a warning must be about: both or none.
var nouns = []string{"Neowit service account", "Neowit service account key"}

// The lifecycle of an account and its key must come out right whichever way the API turns out.
func TestLifecycleInEveryPairOfSwitches(t *testing.T) {
	t.Parallel()
	for _, row := range pairwise(switches, required) {
		chosen := combinationOf(row)
		t.Run(chosen.String(), func(t *testing.T) {
			t.Parallel()
			server := target(t)
			server.box.Set(t, "neowit", chosen)
			r := run{t: t, server: server, combination: chosen, workspace: acctest.NewWorkspace(t, server.env)}
			r.workspace.Copy("internal/service/neowit/testdata/matrix/lifecycle.tf")
			r.refusedLogin()
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

func (r run) refusedLogin() {
	r.t.Helper()
	r.workspace.Write("provider.tf", providerConfig(line("secret", strings.Repeat("0", 32))))
	r.workspace.Write("data.tf", accountsConfig)
	refusal := "status 401 Unauthorized: invalid assertion"
	if r.combination["token_error"] == "rfc6749" {
		refusal = "status 400 Bad Request: invalid_grant: invalid assertion"
	}
	r.workspace.PlanMustFail(acctest.Says(refusal, "The login failed, nothing else was sent"))
	r.workspace.Write("provider.tf", "")
	r.workspace.Write("data.tf", "")
}

func (r run) create() {
	r.t.Helper()
	r.workspace.MustApply()
	account, key := r.id(), r.workspace.Value(keyAddress, "key_id").(string)
	if found := r.server.account(r.t, account); found.Name != "ci" || found.EnableBasicAuth || found.Parent != r.server.own {
		r.t.Errorf("created %+v", found)
	}
	secret, _ := r.workspace.Value(keyAddress, "secret").(string)
	if !r.server.accepts(r.t, account, key, secret) {
		r.t.Error("the key in state is refused")
	}
	if r.blind() {
		r.mustNotConclude()
		r.makeVisible()
	}
	r.quiet()
}

func (r run) change() {
	r.t.Helper()
	r.workspace.Variables(map[string]string{"name": "renamed", "quarter": "2", "intruders": "1"})
	account, key := r.id(), r.workspace.Value(keyAddress, "key_id")
	printed, err := r.workspace.Apply()
	// A missing method is then answered like a missing account, and there is nothing to tell which.
	unclear := !r.updatable() && !r.readable() && r.combination["unknown_route"] == "404"
	wants := map[string]bool{
		"Cannot create Neowit service account key": true,
		"Cannot update Neowit service account":     !r.updatable(),
		"knows neither PATCH nor PUT":              !r.updatable() && !unclear,
		"terraform apply -replace":                 !r.updatable() && !unclear,
		"answered alike here":                      unclear,
		"status 409":                               r.combination["unique_names"] == "on",
		"terraform import '<address":               r.combination["unique_names"] == "on",
		"status 400":                               r.combination["id_for_unknown_account"] == "400",
		"status 404":                               r.combination["id_for_unknown_account"] == "404",
		"could not be verified":                    r.updatable() && !r.readable(),
	}
	for words, want := range wants {
		if err == nil || acctest.Said(printed, words) != want {
			r.t.Errorf("%q in what is printed: %t, want %t; %v:\n%s", words, !want, want, err, printed)
		}
	}
	final := map[string]string{"name": "renamed", "quarter": "2"}
	if !r.updatable() {
		final = map[string]string{"quarter": "2"}
	}
	r.workspace.Variables(final)
	if r.blind() {
		r.makeVisible()
	}
	r.workspace.MustApply()
	if found := r.server.account(r.t, account); r.id() != account || found.EnableBasicAuth != r.updatable() || (found.Name == "renamed") != r.updatable() {
		r.t.Errorf("changed to %+v", found)
	}
	if r.workspace.Value(keyAddress, "key_id") == key {
		r.t.Error("the key was not rotated")
	}
	r.quiet()
}

// vanish deletes the account elsewhere, and then destroys. Nothing but a whole list proves that it is gone.
func (r run) vanish() {
	r.t.Helper()
	account := r.id()
	r.server.hand.delete(r.t, account)
	if r.paged() {
		r.mustNotConclude()
		printed, err := r.workspace.Apply(tfexec.Destroy(true), tfexec.Refresh(false))
		if err == nil || !acctest.Said(printed, "Cannot delete Neowit service account", "nothing is concluded", "terraform state rm") || r.id() != account {
			r.t.Errorf("a destroy that is told 404: %v\n%s", err, printed)
		}
		return
	}
	plan, printed, _ := r.workspace.Plan()
	listed := r.combination["list"] == "on"
	wanted := map[bool]string{true: "create", false: "no-op"}[listed]
	if acctest.Actions(plan, accountAddress) != wanted || acctest.Actions(plan, keyAddress) != wanted {
		r.t.Errorf("account and key are planned to %q, want %q:\n%s", acctest.Actions(plan, accountAddress), wanted, printed)
	}
	for _, noun := range nouns {
		if acctest.Said(printed, noun+" was deleted outside Terraform") != listed || acctest.Said(printed, "Drift of a "+noun+" "+notDetected) == listed {
			r.t.Errorf("the warnings about the %s are wrong:\n%s", noun, printed)
		}
	}
	if !listed {
		printed, err := r.workspace.Apply(tfexec.Destroy(true), tfexec.Refresh(false))
		if err == nil || !acctest.Said(printed, "Cannot delete Neowit service account", "nothing is concluded", "terraform state rm") || r.id() != account {
			r.t.Errorf("a destroy that is told 404, and nothing else: %v\n%s", err, printed)
		}
		return
	}
	r.workspace.MustDestroy(tfexec.Refresh(false))
	if left := slices.DeleteFunc(r.server.box.Made(r.t, "neowit"), func(o acctest.Object) bool { return strings.HasPrefix(o.Name, newest) }); len(left) > 0 {
		r.t.Errorf("left behind: %v", left)
	}
}

const newest = "newest "

// mustNotConclude plans, which must fail and keep the state, because the account may be on a page that is not read.
func (r run) mustNotConclude() {
	r.t.Helper()
	account := r.id()
	r.workspace.PlanMustFail(acctest.Says("Cannot read Neowit service account", morePages, "so nothing is concluded"))
	if account == "" || r.id() != account {
		r.t.Error("the account left the state")
	}
}

// makeVisible makes an account that takes the place of the one which the list lacks.
func (r run) makeVisible() {
	r.t.Helper()
	r.server.hand.createAccount(r.t, "", fmt.Sprintf("%s%d", newest, len(r.server.box.Made(r.t, "neowit"))))
}

// quiet plans, and fails unless there is neither a change nor drift. A warning is due exactly if nothing can be read.
func (r run) quiet() {
	r.t.Helper()
	plan, printed, changes := r.workspace.Plan()
	if changes || len(plan.ResourceDrift) > 0 {
		r.t.Errorf("a plan after apply shows changes or drift:\n%s", printed)
	}
	for _, noun := range nouns {
		if acctest.Said(printed, "Drift of a "+noun+" "+notDetected) == r.readable() {
			r.t.Errorf("a warning that no %s can be read: %t, want %t:\n%s", noun, r.readable(), !r.readable(), printed)
		}
	}
}

func (r run) id() string {
	r.t.Helper()
	id, _ := r.workspace.Value(accountAddress, "id").(string)
	return id
}
