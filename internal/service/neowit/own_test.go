package neowit_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-exec/tfexec"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// insider is a sandbox, and a provider whose way in is in its own reach.
type insider struct {
	server
	// id is the account that the provider is, key the one that it uses.
	id, key string
	// oauth2, basic and token are the environments of the provider by its ways in.
	oauth2, basic, token map[string]string
}

func newInsider(t *testing.T) insider {
	t.Helper()
	made := insider{server: target(t)}
	made.id, made.oauth2 = made.caller(t)
	made.key = made.oauth2["NEOWIT_KEY_ID"]
	made.hand.patch(t, made.id, map[string]any{"enableBasicAuth": true})
	login, ok := made.hand.login(t, made.id, made.key, made.oauth2["NEOWIT_SECRET"])
	if !ok {
		t.Fatal("the server refuses the login")
	}
	made.basic = acctest.With(acctest.Without(made.oauth2, "NEOWIT_SERVICE_ACCOUNT_ID"), "NEOWIT_AUTH", "basic")
	made.token = map[string]string{"NEOWIT_BASE_URL": made.oauth2["NEOWIT_BASE_URL"], "NEOWIT_ACCESS_TOKEN": login.authorization[len("Bearer "):]}
	made.box.ForgetRequests(t)
	return made
}

// ownAccount and ownKey configure what the provider's way in depends on.
func (i insider) ownAccount(basic bool, more string) string {
	return fmt.Sprintf("resource \"machineid_neowit_service_account\" \"own\" {\n name = \"caller\"\n enable_basic_auth = %t\n%s\n}\n", basic, more)
}

func (i insider) ownKey(account, month, more string) string {
	return fmt.Sprintf("resource \"machineid_neowit_service_account_key\" \"own\" {\n service_account_id = %q\n rotate_when_changed = { month = %q }\n%s\n}\n",
		account, month, more)
}

// workspace has the provider's own account and key in its state, by import.
func (i insider) workspace(t *testing.T, env map[string]string) *acctest.Workspace {
	t.Helper()
	w := acctest.NewWorkspace(t, env)
	w.Write("main.tf", i.ownAccount(true, "")+i.ownKey(i.id, "one", ""))
	for address, id := range map[string]string{
		"machineid_neowit_service_account.own":     i.own + "/" + i.id,
		"machineid_neowit_service_account_key.own": i.own + "/" + i.id + "/" + i.key,
	} {
		w.MustImport(address, id)
	}
	w.MustApply() // rotate_when_changed comes without a request
	return w
}

// mustStay fails the test unless the provider's way in is as it was.
func (i insider) mustStay(t *testing.T) {
	t.Helper()
	if _, ok := i.hand.login(t, i.id, i.key, i.oauth2["NEOWIT_SECRET"]); !ok {
		t.Error("the provider's own key is not accepted any more")
	}
	if !i.server.account(t, i.id).EnableBasicAuth {
		t.Error("Basic auth is off")
	}
}

// reads counts the reads of single accounts.
func (i insider) reads(t *testing.T) int {
	t.Helper()
	return i.box.Count(t, func(request acctest.RequestCount) bool {
		return request.Method == http.MethodGet && strings.HasSuffix(request.Route, "/{account}")
	})
}

func TestOwnWayInIsKeptAtPlan(t *testing.T) {
	t.Parallel()
	subject := newInsider(t)
	other := subject.hand.createAccount(t, "", "other")
	account, key := subject.ownAccount(true, ""), subject.ownKey(subject.id, "one", "")
	toChild := fmt.Sprintf("org_id = %q", subject.child)
	for way, env := range map[string]map[string]string{"oauth2": subject.oauth2, "basic": subject.basic} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			w := subject.workspace(t, env)
			named := map[string]string{"oauth2": "neowit.service_account_id", "basic": "neowit.key_id"}[way]
			for name, test := range map[string]struct {
				config string
				want   []string // nothing means that it is planned
			}{
				"the key is deleted": {account, []string{
					"Refused to delete the provider's own Neowit service account key", subject.key, "neowit.key_id", "another way in", "allow_self_lockout = true",
				}},
				"the key is rotated": {account + subject.ownKey(subject.id, "two", ""), []string{
					"Refused to rotate the provider's own Neowit service account key", "rotate_when_changed =",
				}},
				"the key is replaced": {account + subject.ownKey(other, "one", ""), []string{
					"Refused to replace the provider's own Neowit service account key", "service_account_id =",
				}},
				"the key moves":          {account + subject.ownKey(subject.id, "one", toChild), []string{"Refused to replace the provider's own Neowit service account key", "org_id ="}},
				"the account is deleted": {key, []string{"Refused to delete the provider's own Neowit service account", subject.id, named}},
				"the account moves":      {subject.ownAccount(true, toChild) + key, []string{"Refused to replace the provider's own Neowit service account", "org_id =", named}},
				"Basic auth is switched off": {subject.ownAccount(false, "") + key, map[string][]string{
					"basic": {"Refused to switch off Basic auth of the provider's own Neowit service account", "enable_basic_auth = false", named},
				}[way]},
			} {
				t.Log(name)
				w.Write("main.tf", test.config)
				if test.want == nil {
					w.Plan()
					continue
				}
				w.PlanMustFail(acctest.Says(test.want...))
			}
		})
	}
	t.Cleanup(func() { subject.mustStay(t) })
}

// A replacement that no plan shows to the provider is refused by the deletion that it begins with, and an update that was
// not planned by itself.
func TestOwnWayInIsKeptAtApply(t *testing.T) {
	t.Parallel()
	subject := newInsider(t)
	account := func(basic bool) map[string]any {
		return map[string]any{"org_id": subject.own, "id": subject.id, "name": "caller", "enable_basic_auth": basic}
	}
	key := map[string]any{"org_id": subject.own, "service_account_id": subject.id, "key_id": subject.key}
	for way, env := range map[string]map[string]string{"oauth2": subject.oauth2, "basic": subject.basic} {
		w := subject.workspace(t, env)
		for address, want := range map[string]string{
			"machineid_neowit_service_account.own":     "Refused to delete the provider's own Neowit service account",
			"machineid_neowit_service_account_key.own": "Refused to delete the provider's own Neowit service account key",
		} {
			printed, err := w.Apply(tfexec.Replace(address), tfexec.Target(address))
			if err == nil || !acctest.Said(printed, want) {
				t.Errorf("%s: replacing %s ended with %v:\n%s", way, address, err, printed)
			}
		}
		for noun, prior := range map[string]map[string]any{"service_account": account(true), "service_account_key": key} {
			errors := acctest.ApplyUnplanned(t, env, nil, "machineid_neowit_"+noun, prior, nil)
			if len(errors) != 1 || !acctest.Said(errors[0], "Refused to delete the provider's own Neowit") {
				t.Errorf("%s: deleting the %s: %q", way, noun, errors)
			}
		}
	}
	renamed := account(false)
	renamed["name"] = "renamed"
	for change, prior := range map[string]map[string]any{"switched off": account(true), "on without the state's knowledge, and the account renamed": account(false)} {
		errors := acctest.ApplyUnplanned(t, subject.basic, nil, "machineid_neowit_service_account", prior, renamed)
		if len(errors) != 1 || !acctest.Said(errors[0], "Refused to switch off Basic auth of the provider's own Neowit service account") {
			t.Errorf("Basic auth, %s: %q", change, errors)
		}
	}
	subject.mustStay(t)
}

func TestOwnWayInMayBeCutOffIfAllowed(t *testing.T) {
	t.Parallel()
	for way, env := range map[string]func(insider) map[string]string{
		"oauth2": func(i insider) map[string]string { return i.oauth2 },
		"basic":  func(i insider) map[string]string { return i.basic },
	} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			subject := newInsider(t)
			w := subject.workspace(t, env(subject))
			w.Write("main.tf", "provider \"machineid\" { allow_self_lockout = true }\n"+subject.ownAccount(true, ""))
			w.MustApply()
			if _, ok := subject.hand.login(t, subject.id, subject.key, subject.oauth2["NEOWIT_SECRET"]); ok {
				t.Error("the key is still accepted")
			}
		})
	}
}

// Nobody can tell what a bare token depends on, so nothing is refused.
func TestABareTokenTellsNothing(t *testing.T) {
	t.Parallel()
	subject := newInsider(t)
	w := subject.workspace(t, subject.token)
	w.Write("main.tf", subject.ownAccount(true, ""))
	w.MustApply()
	if _, ok := subject.hand.login(t, subject.id, subject.key, subject.oauth2["NEOWIT_SECRET"]); ok {
		t.Error("the key is still accepted")
	}
}

// What is not the provider's own is free. Only Basic auth has to ask whose the key is, and only if it matters.
func TestWhatIsNotTheProvidersOwnIsFree(t *testing.T) {
	t.Parallel()
	config := func(subject insider, month string, basic bool) string {
		return fmt.Sprintf(`
			resource "machineid_neowit_service_account" "other" {
				name              = "other"
				enable_basic_auth = %t
			}
			resource "machineid_neowit_service_account_key" "another" {
				service_account_id  = %q
				rotate_when_changed = { month = %q }
			}`, basic, subject.id, month)
	}
	reads := map[string]int{}
	for way, env := range map[string]func(insider) map[string]string{
		"oauth2": func(i insider) map[string]string { return i.oauth2 },
		"basic":  func(i insider) map[string]string { return i.basic },
	} {
		subject := newInsider(t)
		w := acctest.NewWorkspace(t, env(subject))
		w.Write("main.tf", config(subject, "one", true))
		w.MustApply()
		w.Write("main.tf", config(subject, "two", true))
		subject.box.ForgetRequests(t)
		w.MustApply(tfexec.Refresh(false))
		if count := subject.reads(t); count != 0 {
			t.Errorf("%s: a rotation brought %d reads", way, count)
		}
		subject.box.ForgetRequests(t)
		w.MustDestroy(tfexec.Refresh(false))
		reads[way] = subject.reads(t)
		subject.mustStay(t)
	}
	// One at plan and one at apply, which are two processes to the provider.
	if reads["oauth2"] != 0 || reads["basic"] != 2 {
		t.Errorf("destroying brought %v reads, want none with oauth2 and 2 with basic", reads)
	}
}

// If the server does not tell whose the key is, the account may be the provider's own.
func TestAnUnknownOwnerRefuses(t *testing.T) {
	t.Parallel()
	subject := newInsider(t)
	w := subject.workspace(t, subject.basic)
	w.Write("main.tf", "")
	mustRefuse := func(when string) {
		printed, err := w.Apply(tfexec.Refresh(false), tfexec.Target("machineid_neowit_service_account.own"))
		if err == nil || !acctest.Said(printed, "Cannot tell whether this is the provider's own Neowit service account", "Nothing was changed", "allow_self_lockout = true") {
			t.Errorf("%s: the apply ended with %v:\n%s", when, err, printed)
		}
	}
	subject.box.Fault(t, map[string]any{"system": "neowit", "method": http.MethodGet, "path": "/api/service-account/v1/**", "kind": "status", "status": 400})
	mustRefuse("when reading fails")
	subject.box.Mend(t)
	subject.set(t, "get", "off")
	subject.set(t, "list", "off")
	mustRefuse("when nothing can be read")
	subject.mustStay(t)
}
