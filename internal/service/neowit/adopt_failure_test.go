package neowit_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// With the setting, a creation that is not refused takes nothing over, and asks for nothing.
func TestNothingIsAdoptedWithoutARefusal(t *testing.T) {
	t.Parallel()
	server := target(t)
	server.box.ForgetRequests(t)
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", adopting+accountNamed("ci"))
	if printed := w.MustApply(); acctest.Said(printed, "was adopted") {
		t.Errorf("something was adopted:\n%s", printed)
	}
	if sent := server.box.Count(t, func(r acctest.RequestCount) bool { return !r.Token }); sent != 1 {
		t.Errorf("%d requests were sent, want the creation alone: %v", sent, server.box.Requests(t))
	}
	w.MustDestroy()
}

// Nor does a creation that fails for another reason than its name, although there is an account of that name.
func TestNothingIsAdoptedForAnotherRefusal(t *testing.T) {
	t.Parallel()
	server := target(t)
	id := server.hand.createAccount(t, "", "ci")
	server.box.Fault(t, map[string]any{"system": "neowit", "method": "POST", "path": accountsPath, "kind": "status", "status": http.StatusForbidden})
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", adopting+"resource \"machineid_neowit_service_account\" \"test\" {\n name = \"ci\"\n enable_basic_auth = true\n}\n")
	if printed := w.ApplyMustFail("Cannot create Neowit service account", "status 403"); acctest.Said(printed, "was adopted") {
		t.Errorf("something was adopted:\n%s", printed)
	}
	if w.State().Values != nil || server.account(t, id).EnableBasicAuth {
		t.Errorf("something came into the state, or changed: %+v", server.account(t, id))
	}
}

// Of several accounts with the name none can be told to be meant: all are told, and none is touched.
func TestOneOfSeveralIsNotAdopted(t *testing.T) {
	t.Parallel()
	for setting, provider := range map[string]string{"adopting": adopting, "not adopting": ""} {
		t.Run(setting, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			server.set(t, "unique_names", "off")
			one, other := server.hand.createAccount(t, "", "ci"), server.hand.createAccount(t, "", "ci")
			server.set(t, "unique_names", "on")
			w := acctest.NewWorkspace(t, server.env)
			w.Write("main.tf", provider+accountNamed("ci"))
			printed := w.ApplyMustFail("Cannot create Neowit service account", "status 409", "2 service accounts have this name already", "choose another name")
			var told []string
			for _, found := range importCommand.FindAllStringSubmatch(printed, -1) {
				told = append(told, found[1])
			}
			if all := strings.Join(told, " "); !strings.Contains(all, one) || !strings.Contains(all, other) || w.State().Values != nil {
				t.Errorf("%v are told, and there are %s and %s:\n%s", told, one, other, printed)
			}
		})
	}
}
