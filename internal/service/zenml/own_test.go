package zenml_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-exec/tfexec"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

const (
	ownAccountAddress = "machineid_zenml_service_account.own"
	ownKeyAddress     = "machineid_zenml_api_key.own"
)

// insider is a sandbox that lets service accounts change things, and a provider that is one: what its way in depends on
// is in its reach.
type insider struct {
	box          *acctest.Box
	admin        hand
	env          map[string]string
	account, key string
	text         string
}

func newInsider(t *testing.T) insider {
	t.Helper()
	box := acctest.Sandbox(t)
	box.Set(t, "zenml", map[string]string{"admin_only": "false"})
	env := box.Env()
	admin := hand{url: env["ZENML_SERVER_URL"]}.loginAs(t, env["ZENML_USERNAME"], env["ZENML_PASSWORD"])
	made := insider{box: box, admin: admin, account: admin.createAccount(t, "own")}
	made.key, made.text = admin.createKey(t, made.account, "own")
	made.env = map[string]string{"ZENML_SERVER_URL": env["ZENML_SERVER_URL"], "ZENML_API_KEY": made.text}
	return made
}

// asToken is the environment of a provider that is given an access token.
func (i insider) asToken(token string) map[string]string {
	return map[string]string{"ZENML_SERVER_URL": i.env["ZENML_SERVER_URL"], "ZENML_API_TOKEN": token}
}

// ownAccount and ownKey configure what the provider's way in depends on, with more lines.
func (i insider) ownAccount(more string) string {
	return "resource \"machineid_zenml_service_account\" \"own\" {\n name = \"own\"\n" + more + "\n}\n"
}

func (i insider) ownKey(more string) string {
	if !strings.Contains(more, "service_account_id") {
		more += fmt.Sprintf("\n service_account_id = %q", i.account)
	}
	if !strings.Contains(more, "rotate_when_changed") {
		more += "\n rotate_when_changed = { month = \"one\" }"
	}
	return "resource \"machineid_zenml_api_key\" \"own\" {\n name = \"own\"\n" + more + "\n}\n"
}

// workspace has the provider's own account and key in its state, by import.
func (i insider) workspace(t *testing.T, env map[string]string) *acctest.Workspace {
	t.Helper()
	w := acctest.NewWorkspace(t, env)
	w.Write("main.tf", i.ownAccount("")+i.ownKey(""))
	for address, id := range map[string]string{ownAccountAddress: i.account, ownKeyAddress: i.account + "/" + i.key} {
		w.MustImport(address, id)
	}
	w.MustApply() // rotate_when_changed comes without a request
	return w
}

// asked counts the requests for who calls.
func (i insider) asked(t *testing.T) int {
	t.Helper()
	return i.box.Count(t, func(request acctest.RequestCount) bool {
		return strings.HasSuffix(request.Route, "/current-user")
	})
}

// mustWork fails the test unless the provider's key is accepted as before.
func (i insider) mustWork(t *testing.T) {
	t.Helper()
	if _, ok := i.admin.loginWithKey(t, i.text); !ok {
		t.Error("the provider's own key is not accepted any more")
	}
}

func TestOwnWayInIsKeptAtPlan(t *testing.T) {
	t.Parallel()
	subject := newInsider(t)
	other := subject.admin.createAccount(t, "other")
	token, _ := subject.admin.loginWithKey(t, subject.text)
	own, ownKey := subject.ownAccount, subject.ownKey
	for way, env := range map[string]map[string]string{
		"API key": subject.env, "token of a key": subject.asToken(token.token), "API key as a token": subject.asToken(subject.text),
	} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			w := subject.workspace(t, env)
			for name, test := range map[string]struct {
				config string
				want   []string
			}{
				"the key is deleted": {own(""), []string{
					"Refused to delete the provider's own ZenML API key", `API key "own" of service account ` + subject.account, "zenml.api_key", "another way in",
					"allow_self_lockout = true",
				}},
				"the key is rotated": {own("") + ownKey("rotate_when_changed = { month = \"two\" }"), []string{
					"Refused to rotate the provider's own ZenML API key", "rotate_when_changed =",
				}},
				"the key is replaced": {own("") + ownKey(fmt.Sprintf("service_account_id = %q", other)), []string{
					"Refused to replace the provider's own ZenML API key", "service_account_id =",
				}},
				"the key is deactivated":     {own("") + ownKey("active = false"), []string{"Refused to deactivate the provider's own ZenML API key", "active = false"}},
				"the account is deleted":     {ownKey(""), []string{"Refused to delete the provider's own ZenML service account", `"own"`, "another way in"}},
				"the account is deactivated": {own("active = false") + ownKey(""), []string{"Refused to deactivate the provider's own ZenML service account", "active = false"}},
			} {
				t.Log(name)
				w.Write("main.tf", test.config)
				w.PlanMustFail(acctest.Says(test.want...))
			}
		})
	}
	t.Cleanup(func() { subject.mustWork(t) })
}

// A replacement that no plan shows to the provider is refused by the deletion that it begins with.
func TestOwnWayInIsKeptAtApply(t *testing.T) {
	t.Parallel()
	subject := newInsider(t)
	w := subject.workspace(t, subject.env)
	for address, want := range map[string]string{
		ownKeyAddress:     "Refused to delete the provider's own ZenML API key",
		ownAccountAddress: "Refused to delete the provider's own ZenML service account",
	} {
		printed, err := w.Apply(tfexec.Replace(address), tfexec.Target(address))
		if err == nil || !acctest.Said(printed, want) {
			t.Errorf("replacing %s ended with %v:\n%s", address, err, printed)
		}
	}
	subject.mustWork(t)
	w.MustBeQuiet()

	account := map[string]any{"id": subject.account, "name": "own", "active": true}
	key := map[string]any{"id": subject.key, "service_account_id": subject.account, "name": "own", "active": true}
	// Not even the id tells: the text of the key is in the state, as after a creation.
	byText := map[string]any{"id": "unknown", "service_account_id": subject.account, "name": "own", "active": true, "key": subject.text}
	for name, test := range map[string]struct {
		typeName       string
		prior, planned map[string]any
	}{
		"the account, deactivated": {"machineid_zenml_service_account", account, map[string]any{"id": subject.account, "name": "own", "active": false}},
		"the account, deleted":     {"machineid_zenml_service_account", account, nil},
		"the key, deactivated":     {"machineid_zenml_api_key", key, map[string]any{"id": subject.key, "service_account_id": subject.account, "name": "own", "active": false}},
		"the key, deleted":         {"machineid_zenml_api_key", key, nil},
		"the key by its text":      {"machineid_zenml_api_key", byText, nil},
	} {
		errors := acctest.ApplyUnplanned(t, subject.env, nil, test.typeName, test.prior, test.planned)
		if len(errors) != 1 || !acctest.Said(errors[0], "Refused to", "the provider's own ZenML") {
			t.Errorf("%s: %q", name, errors)
		}
	}
	subject.mustWork(t)
}

// Settings that are unknown at plan are judged at apply.
func TestOwnWayInIsKeptOnceSettingsAreKnown(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		provider string
		refused  bool
	}{
		"an unknown way in":         {"zenml = { api_key = terraform_data.later.output }", true},
		"an unknown permission":     {"allow_self_lockout = terraform_data.later.output == \"nobody says this\"", true},
		"an unknown permission yes": {"allow_self_lockout = terraform_data.later.output != \"nobody says this\"", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			subject := newInsider(t)
			w := subject.workspace(t, subject.env)
			w.Write("main.tf", fmt.Sprintf("resource \"terraform_data\" \"later\" { input = sensitive(%q) }\nprovider \"machineid\" {\n%s\n}\n", subject.text, test.provider)+
				subject.ownAccount(""))
			printed, err := w.Apply(tfexec.Refresh(false))
			switch {
			case !test.refused && err != nil:
				t.Errorf("%v:\n%s", err, printed)
			case test.refused && (err == nil || !acctest.Said(printed, "Refused to delete the provider's own ZenML API key")):
				t.Errorf("the apply ended with %v:\n%s", err, printed)
			case test.refused && !strings.Contains(printed, "terraform_data.later: Creation complete"):
				t.Errorf("the refusal came at plan already:\n%s", printed)
			}
		})
	}
}

func TestOwnWayInMayBeCutOffIfAllowed(t *testing.T) {
	t.Parallel()
	subject := newInsider(t)
	w := subject.workspace(t, subject.env)
	subject.box.ForgetRequests(t)
	const allowed = "provider \"machineid\" { allow_self_lockout = true }\n"
	w.Write("main.tf", allowed+subject.ownAccount("")+subject.ownKey("active = false"))
	w.Plan()
	w.Write("main.tf", allowed+subject.ownAccount(""))
	w.MustApply()
	if _, ok := subject.admin.loginWithKey(t, subject.text); ok {
		t.Error("the key is still accepted")
	}
	_, text := subject.admin.createKey(t, subject.account, "again")
	config := map[string]any{"allow_self_lockout": true}
	account := map[string]any{"id": subject.account, "name": "own", "active": true}
	if errors := acctest.ApplyUnplanned(t, acctest.With(subject.env, "ZENML_API_KEY", text), config, "machineid_zenml_service_account", account, nil); len(errors) > 0 {
		t.Errorf("the account is kept: %q", errors)
	}
	if asked := subject.asked(t); asked != 0 {
		t.Errorf("where everything is allowed, nothing need be asked; it was %d times", asked)
	}
}

// What is not the provider's own is free, and who calls is asked once, and only if the answer matters.
func TestWhatIsNotTheProvidersOwnIsFree(t *testing.T) {
	t.Parallel()
	subject := newInsider(t)
	w := acctest.NewWorkspace(t, subject.env)
	const accounts = `
		resource "machineid_zenml_service_account" "others" {
			for_each = toset(["one", "two", "three"])
			name     = each.key
			active   = %t
		}`
	other := func(month string) string {
		return fmt.Sprintf("resource \"machineid_zenml_api_key\" \"another\" {\n service_account_id = %q\n name = \"another\"\n rotate_when_changed = { month = %q }\n}\n",
			subject.account, month)
	}
	w.Write("main.tf", fmt.Sprintf(accounts, true)+"\n"+other("one"))
	w.MustApply()
	w.Write("main.tf", fmt.Sprintf(accounts, true)+"\n"+other("two"))
	w.MustApply()
	w.MustBeQuiet()
	if asked := subject.asked(t); asked != 0 {
		t.Errorf("who calls was asked %d times for nothing", asked)
	}
	w.Write("main.tf", fmt.Sprintf(accounts, false)+"\n"+other("two"))
	w.Plan()
	if asked := subject.asked(t); asked != 1 {
		t.Errorf("a plan that deactivates three accounts asked %d times who calls, want once", asked)
	}
	w.MustDestroy()
	subject.mustWork(t)
}

// A user is no service account: a password tells so by itself, a token does not.
func TestAUserCannotCutOffItself(t *testing.T) {
	t.Parallel()
	subject := newInsider(t)
	for name, test := range map[string]struct {
		env   map[string]string
		asked bool
	}{
		"a user":            {subject.box.Env(), false},
		"a token of a user": {subject.asToken(subject.admin.token), true},
	} {
		w := acctest.NewWorkspace(t, test.env)
		w.Write("main.tf", accountAndKey)
		w.MustApply()
		subject.box.ForgetRequests(t)
		w.MustDestroy()
		if asked := subject.asked(t) > 0; asked != test.asked {
			t.Errorf("%s: asked %t, want %t", name, asked, test.asked)
		}
	}
}

// If the server does not tell who calls, the account may be the provider's own.
func TestAnUnknownCallerRefuses(t *testing.T) {
	t.Parallel()
	subject := newInsider(t)
	w := subject.workspace(t, subject.env)
	subject.box.Fault(t, map[string]any{"system": "zenml", "method": http.MethodGet, "path": "/api/v1/current-user", "kind": "status", "status": 500})
	w.Write("main.tf", "provider \"machineid\" { max_retries = 0 }\n"+subject.ownKey(""))
	w.PlanMustFail(acctest.Says("Cannot tell whether this is the provider's own ZenML service account", "status 500", "Nothing was changed", "allow_self_lockout = true"))
	w.Write("main.tf", "provider \"machineid\" {\n max_retries = 0\n allow_self_lockout = true\n}\n"+subject.ownKey(""))
	w.Plan()
}
