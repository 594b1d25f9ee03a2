package keycard_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// alterCreations is a proxy that changes what a creation is answered with.
func alterCreations(change func(object map[string]any)) *proxy {
	return &proxy{change: func(method, path string, status int, object map[string]any) {
		if method == http.MethodPost && status == http.StatusCreated && strings.HasPrefix(path, "/organizations/") {
			change(object)
		}
	}}
}

func without(member string) func(map[string]any) {
	return func(object map[string]any) { delete(object, member) }
}

func garbled(member string) func(map[string]any) {
	return func(object map[string]any) { object[member] = map[string]any{"odd": true} }
}

// An answer that lacks or garbles something still brings the object into the state. The next apply replaces it, and
// nothing is left behind.
func TestAnOddAnswerLosesNothing(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		address string
		change  func(map[string]any)
		want    string
		secret  bool // is known
	}{
		"a credential without a secret":    {credentialAddress, without("client_secret"), "lacks its client_id or client_secret", false},
		"a credential without a client id": {credentialAddress, without("client_id"), "lacks its client_id or client_secret", true},
		"a credential with an odd moment":  {credentialAddress, garbled("created_at"), "cannot be read as a whole", true},
		"a credential with an odd name":    {credentialAddress, garbled("name"), "cannot be read as a whole", true},
		"an account with an odd moment":    {accountAddress, garbled("created_at"), "cannot be read as a whole", false},
		"an account with an odd name":      {accountAddress, garbled("name"), "cannot be read as a whole", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			odd := alterCreations(test.change)
			w := acctest.NewWorkspace(t, odd.before(t, server, server.env))
			account := server.hand.createAccount(t, "holder")
			config := credentialOf(quoted(account))
			if test.address == accountAddress {
				config = accountNamed("ci")
			}
			w.Write("main.tf", config)
			printed := w.ApplyMustFail("Cannot create Keycard service account", test.want, "It exists, and is in the state as far as it is known. The next apply replaces it.")
			id, _ := w.Value(test.address, "id").(string)
			if secret, _ := w.Value(test.address, "client_secret").(string); id == "" || (secret != "") != test.secret {
				t.Fatalf("the state has the id %q, and a secret: %t\n%s", id, secret != "", printed)
			}
			odd.pass()
			if plan, printed, _ := w.Plan(); acctest.Actions(plan, test.address) != "delete+create" {
				t.Errorf("it is to be replaced:\n%s", printed)
			}
			w.MustApply(w.SavedPlan())
			if _, printed, changes := w.Plan(); changes {
				t.Errorf("a plan after apply is not empty:\n%s", printed)
			}
			if w.Value(test.address, "id") == id {
				t.Error("it was not replaced")
			}
			w.MustDestroy()
			if left := server.box.Made(t, "keycard"); len(left) != 1 || left[0].ID != account {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

// What an answer does not name is looked for, and replaced like anything of which too little is known.
func TestAnAnswerWithoutAnID(t *testing.T) {
	t.Parallel()
	server := target(t)
	w := acctest.NewWorkspace(t, alterCreations(without("id")).before(t, server, server.env))
	account := server.hand.createAccount(t, "holder")
	w.Write("main.tf", accountNamed("ci")+credentialOf(quoted(account)))
	printed := w.ApplyMustFail("Cannot create Keycard service account", "lacks its id", "was made there just then", "the next apply replaces it")
	if strings.Count(printed, "lacks its id") < 2 {
		t.Errorf("both are to be told:\n%s", printed)
	}
}

// rewriteTexts is a proxy that shows names and descriptions as a function makes them of what was sent.
func rewriteTexts(rewrite func(string) string) *proxy {
	return &proxy{change: func(_, _ string, _ int, object map[string]any) {
		for _, member := range []string{"name", "description"} {
			if text, ok := object[member].(string); ok {
				object[member] = rewrite(text)
			}
		}
	}}
}

// A server that trims what it is sent means the same. One that changes it is found by the next plan, not by an error.
func TestAServerThatRewrites(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		rewrite func(string) string
		want    string
	}{
		"trims":         {strings.TrimSpace, "no-op"},
		"takes capital": {strings.ToUpper, "update"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			w := acctest.NewWorkspace(t, rewriteTexts(test.rewrite).before(t, server, acctest.OneByOne(server.env)))
			padded := "description = \" padded \""
			w.Write("main.tf", accountNamed(" ci ", padded)+credentialOf(accountAddress+".id", padded))
			w.MustApply()
			plan, printed, _ := w.Plan()
			if acctest.Actions(plan, accountAddress) != test.want || acctest.Actions(plan, credentialAddress) != test.want || (len(plan.ResourceDrift) > 0) != (test.want == "update") {
				t.Errorf("both are to have the action %q:\n%s", test.want, printed)
			}
			w.MustDestroy()
		})
	}
}

// Null, an empty text and nothing all mean that there is no description.
func TestNoDescriptionInEveryForm(t *testing.T) {
	t.Parallel()
	for name, none := range map[string]any{"null": nil, "an empty text": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			odd := &proxy{change: func(_, _ string, _ int, object map[string]any) {
				if _, told := object["description"]; !told && object["created_at"] != nil {
					object["description"] = none
				}
			}}
			w := acctest.NewWorkspace(t, odd.before(t, server, server.env))
			w.Write("main.tf", bothIn("ci", ""))
			w.MustApply()
			w.MustBeQuiet()
			if w.Value(accountAddress, "description") != nil || w.Value(credentialAddress, "description") != nil {
				t.Error("a description was made up")
			}
			w.MustDestroy()
		})
	}
}
