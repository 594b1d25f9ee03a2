package keycard_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// With the setting, a creation that is not refused takes nothing over, although there is an account of that name.
func TestNothingIsAdoptedWithoutARefusal(t *testing.T) {
	t.Parallel()
	server := target(t)
	id := server.hand.createAccount(t, "ci")
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", adopting+accountNamed("ci", "description = \"ours\""))
	if printed := w.MustApply(); acctest.Said(printed, "was adopted") {
		t.Errorf("something was adopted:\n%s", printed)
	}
	if w.Value(accountAddress, "id") == id || server.held(t, accounts, id).Description == "ours" {
		t.Errorf("the state has %v, and theirs is %+v", w.Value(accountAddress, "id"), server.held(t, accounts, id))
	}
	w.MustDestroy()
}

// Nor does a creation that fails for another reason than its name.
func TestNothingIsAdoptedForAnotherRefusal(t *testing.T) {
	t.Parallel()
	server := target(t)
	server.set(t, "unique_names", "on")
	id := server.hand.createAccount(t, "ci")
	server.fault(t, "POST", "/organizations/*/service-accounts", "status", map[string]any{"status": http.StatusForbidden})
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", adopting+accountNamed("ci", "description = \"ours\""))
	if printed := w.ApplyMustFail("Cannot create Keycard service account", "status 403"); acctest.Said(printed, "was adopted") {
		t.Errorf("something was adopted:\n%s", printed)
	}
	if w.State().Values != nil || server.held(t, accounts, id).Description != "" {
		t.Errorf("something came into the state, or changed: %+v", server.held(t, accounts, id))
	}
}

// Of several accounts with the name none can be told to be meant: all are told, and none is touched.
func TestOneOfSeveralIsNotAdopted(t *testing.T) {
	t.Parallel()
	for setting, provider := range map[string]string{"adopting": adopting, "not adopting": ""} {
		t.Run(setting, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			one, other := server.hand.createAccount(t, "ci"), server.hand.createAccount(t, "ci")
			server.set(t, "unique_names", "on")
			w := acctest.NewWorkspace(t, server.env)
			w.Write("main.tf", provider+accountNamed("ci", "description = \"ours\""))
			printed := w.ApplyMustFail("Cannot create Keycard service account", "status 409", "2 of this name exist already", "import it (one of them", "choose another name")
			var told []string
			for _, found := range importCommand.FindAllStringSubmatch(printed, -1) {
				told = append(told, found[1])
			}
			if all := strings.Join(told, " "); !strings.Contains(all, one) || !strings.Contains(all, other) || w.State().Values != nil {
				t.Errorf("%v are told, and there are %s and %s:\n%s", told, one, other, printed)
			}
			for _, id := range []string{one, other} {
				if server.held(t, accounts, id).Description != "" {
					t.Errorf("%s was changed", id)
				}
			}
		})
	}
}
