package neowit_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

const adopting = "provider \"machineid\" { adopt_existing = true }\n"

// An account that has the name is taken over, with what is planned for it; its keys stay.
func TestAdoptedAccount(t *testing.T) {
	t.Parallel()
	for name, basic := range map[string]bool{"that is as planned": false, "that differs": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			id := server.hand.createAccount(t, "", "ci")
			key, secret := server.hand.createKey(t, id)
			w := acctest.NewWorkspace(t, server.env)
			w.Write("main.tf", adopting+fmt.Sprintf("resource \"machineid_neowit_service_account\" \"test\" {\n name = \"ci\"\n enable_basic_auth = %t\n}\n", basic))
			if printed := w.MustApply(); !acctest.Said(printed, "Neowit service account was adopted", "ci", "If another configuration manages it too") {
				t.Errorf("nothing is told:\n%s", printed)
			}
			if w.Value(accountAddress, "id") != id || server.account(t, id).EnableBasicAuth != basic {
				t.Errorf("the state has %v, and the server %+v", w.Value(accountAddress, "id"), server.account(t, id))
			}
			if !server.accepts(t, id, key, secret) {
				t.Error("its key has ended")
			}
			w.MustBeQuiet()
			w.MustDestroy()
		})
	}
}

// A conflict with what an own earlier attempt has made is a lost answer, and no reason to adopt. Here the list is late, so
// the creation is sent twice.
func TestAnOwnRepeatIsNotAdopted(t *testing.T) {
	t.Parallel()
	server := target(t)
	server.set(t, "read_delay_ms", "3500")
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", adopting+accountNamed("ci"))
	server.box.Fault(t, map[string]any{"system": "neowit", "method": "POST", "path": accountsPath, "kind": "cut_after", "times": 1})
	w.ApplyMustFail("Cannot create Neowit service account", "status 409", "The answer to the creation was lost", "was made there just then")
	made := server.box.Made(t, "neowit")
	if len(made) != 1 || w.Value(accountAddress, "id") != made[0].ID || server.answered(t, http.MethodPost, http.StatusConflict) != 1 {
		t.Errorf("the server has %v, the state %v", made, w.Value(accountAddress, "id"))
	}
	if plan, printed, _ := w.Plan(); acctest.Actions(plan, accountAddress) != "delete+create" {
		t.Errorf("it is to be replaced:\n%s", printed)
	}
	w.MustApply()
	w.MustDestroy()
}
