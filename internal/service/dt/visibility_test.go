package dt_test

import (
	"net/http"
	"testing"

	"github.com/hashicorp/terraform-exec/tfexec"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// What was just created may not be visible yet: neither to what belongs to it, nor to the plan and the destroy that
// follow at once.
func TestDelayedVisibility(t *testing.T) {
	t.Parallel()
	for name, switches := range map[string]map[string]string{
		"an unknown account is a 404": {"visibility_delay_ms": "1500"},
		"an unknown account is a 400": {"visibility_delay_ms": "1500", "unknown_account_status": "400"},
		"a member without a date":     {"visibility_delay_ms": "1500", "member_create_time_null": "true"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			server.box.Set(t, "dt", switches)
			w := server.everything(t)
			w.MustApply()
			w.MustBeQuiet()
			if made := server.box.Made(t, "dt"); len(made) != 4 {
				t.Errorf("one of each was to be made; there are: %v", made)
			}
			w.MustDestroy()
			server.box.MustBeEmpty(t, "dt")
		})
	}
}

// A data source may ask for what the same run has just made.
func TestLookupOfWhatIsNotVisibleYet(t *testing.T) {
	t.Parallel()
	server := target(t)
	server.box.Set(t, "dt", map[string]string{"visibility_delay_ms": "1500"})
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", accountIn(server.project)+`
		data "machineid_dt_service_account" "by_id" {
			project = machineid_dt_service_account.test.project
			id      = machineid_dt_service_account.test.id
		}
		data "machineid_dt_service_account" "by_email" {
			project = machineid_dt_service_account.test.project
			email   = upper(machineid_dt_service_account.test.email)
		}
		data "machineid_dt_service_account_keys" "test" {
			service_account = machineid_dt_service_account.test.name
		}`)
	w.MustApply()
	w.MustBeQuiet()
	name := w.Value(accountAddress, "name")
	for _, lookup := range []string{"by_id", "by_email"} {
		if found := w.Value("data.machineid_dt_service_account."+lookup, "name"); found != name {
			t.Errorf("%s found %v, want %v", lookup, found, name)
		}
	}
	w.MustDestroy()
}

// What is not visible yet can be changed and deleted. Nothing is refreshed before, because that would wait until all is
// visible.
func TestChangeOfWhatIsNotVisibleYet(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		method string
		change func(server server, w *acctest.Workspace)
	}{
		"a name": {http.MethodPatch, func(server server, w *acctest.Workspace) {
			server.vary(w, "display_name", "renamed")
			w.MustApply(tfexec.Refresh(false))
		}},
		"a role": {http.MethodPatch, func(server server, w *acctest.Workspace) {
			server.vary(w, "role", "roles/project.developer")
			w.MustApply(tfexec.Refresh(false))
		}},
		"everything": {http.MethodDelete, func(_ server, w *acctest.Workspace) { w.MustDestroy(tfexec.Refresh(false)) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			w := server.everything(t)
			w.MustApply()
			server.box.Set(t, "dt", map[string]string{"visibility_delay_ms": "4000"})
			test.change(server, w)
			early := server.box.Count(t, func(request acctest.RequestCount) bool {
				return request.Method == test.method && request.Status == http.StatusNotFound
			})
			if early == 0 {
				t.Error("nothing came so early that its object was not visible: the test shows nothing")
			}
			if test.method == http.MethodPatch {
				w.MustBeQuiet()
				w.MustDestroy()
			}
			server.box.MustBeEmpty(t, "dt")
		})
	}
}

// An object that is older than what the docs allow for is gone if the server says so, and nothing is waited for.
func TestAMissingOldObjectIsBelieved(t *testing.T) {
	t.Parallel()
	server := target(t)
	w := server.everything(t)
	w.MustApply()
	account, _ := w.Value(accountAddress, "name").(string)
	server.hand.delete(t, account)
	server.box.Set(t, "clock", map[string]string{"offset": "1m"})
	server.box.ForgetRequests(t)
	plan, printed, _ := w.Plan()
	for address, noun := range map[string]string{
		accountAddress: "DT service account", keyAddress: "DT service account key", projectMemberAddress: "DT project member", organizationMemberAddress: "DT organization member",
	} {
		if acctest.Actions(plan, address) != "create" || !acctest.Said(printed, noun+" was deleted outside Terraform") {
			t.Errorf("%s is to be made anew, with a warning:\n%s", address, printed)
		}
	}
	for _, request := range server.box.Requests(t) {
		if request.Count != 1 {
			t.Errorf("%s %s was sent %d times, want once", request.Method, request.Route, request.Count)
		}
	}
	w.MustApply()
	w.MustBeQuiet()
	w.MustDestroy()
}
