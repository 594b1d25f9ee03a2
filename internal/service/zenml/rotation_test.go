package zenml_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

const (
	day             = 24 * time.Hour
	rotatingAddress = "machineid_zenml_rotating_api_key.test"
)

// rotated is a workspace over testdata/rotation, whose provider has the sandbox's clock.
type rotated struct {
	*acctest.Workspace
	server    server
	config    string
	variables map[string]any
}

// clocked is a rotated whose clock can be moved, which needs a sandbox.
func clocked(t *testing.T, config string, variables map[string]any) rotated {
	t.Helper()
	made := kept(t, config, variables)
	if made.server.real {
		t.Skip("the clock of a real server cannot be moved")
	}
	return made
}

// kept applies a configuration once.
func kept(t *testing.T, config string, variables map[string]any) rotated {
	t.Helper()
	server, now := target(t), time.Now
	if !server.real {
		now = server.box.Now
	}
	made := rotated{Workspace: acctest.NewWorkspaceAt(t, server.env, now), server: server, config: config, variables: map[string]any{"name": unique("rotation")}}
	made.configure()
	made.set(t, variables)
	made.MustApply()
	made.MustBeQuiet()
	return made
}

// configure writes the configuration, also after something else.
func (r rotated) configure() { r.Copy("internal/service/zenml/testdata/rotation/" + r.config) }

// set changes variables of the configuration; nil takes the default.
func (r rotated) set(t *testing.T, variables map[string]any) {
	t.Helper()
	for name, value := range variables {
		r.variables[name] = value
		if value == nil {
			delete(r.variables, name)
		}
	}
	encoded, err := json.Marshal(r.variables)
	if err != nil {
		t.Fatal(err)
	}
	r.Write("terraform.tfvars.json", string(encoded))
}

// mustTurn applies a plan that does something to a resource and says these phrases, as it was saved.
func (r rotated) mustTurn(t *testing.T, address, action string, phrases ...string) {
	t.Helper()
	plan, printed, _ := r.Plan()
	if got := acctest.Actions(plan, address); got != action || !acctest.Said(printed, phrases...) {
		t.Fatalf("the plan does %q and not %q, or does not say %q:\n%s", got, action, phrases, printed)
	}
	r.MustApply(r.SavedPlan())
	r.MustBeQuiet()
}

// held is the current or the previous value of the rotating key.
func (r rotated) held(which string) map[string]any {
	held, _ := r.Value(rotatingAddress, which).(map[string]any)
	return held
}

func text(held map[string]any, name string) string {
	value, _ := held[name].(string)
	return value
}

func moment(t *testing.T, value any) time.Time {
	t.Helper()
	written, _ := value.(string)
	read, err := time.Parse(time.RFC3339Nano, written)
	if err != nil {
		t.Fatalf("%v is no moment", value)
	}
	return read
}

// mustAccept fails unless the server accepts, or refuses, each of these values.
func (r rotated) mustAccept(t *testing.T, accepted bool, values ...string) {
	t.Helper()
	for i, value := range values {
		if _, ok := r.server.hand.loginWithKey(t, value); ok != accepted {
			t.Errorf("value %d is accepted: %t", i, ok)
		}
	}
}

// place is where the key is: its account and its id.
func (r rotated) place() (account, id string) {
	account, _ = r.Value(rotatingAddress, "service_account_id").(string)
	return account, text(r.held("current"), "id")
}

// rotations counts the rotations that the server was asked for since its log began.
func (r rotated) rotations(t *testing.T) int {
	t.Helper()
	return r.server.box.Count(t, func(request acctest.RequestCount) bool {
		return request.Method == http.MethodPut && strings.HasSuffix(request.Route, "/rotate")
	})
}

// changes counts the requests that change something.
func changes(request acctest.RequestCount) bool {
	return !request.Token && request.Method != http.MethodGet
}

// mustSay plans, and fails unless the plan says these phrases and does that much to the rotating key; "" is nothing at all, to
// any object.
func (r rotated) mustSay(t *testing.T, action string, phrases ...string) {
	t.Helper()
	plan, printed, changed := r.Plan()
	if !acctest.Said(printed, phrases...) || action == "" && changed || action != "" && acctest.Actions(plan, rotatingAddress) != action {
		t.Errorf("the plan must do %q and say %q:\n%s", action, phrases, printed)
	}
}

// withoutLogins runs a command of one login of the provider itself, and answers all further ones with a status.
func (r rotated) withoutLogins(t *testing.T, status int, command func()) {
	t.Helper()
	r.server.box.Fault(t, map[string]any{
		"system": "zenml", "method": http.MethodPost, "path": "/api/v1/login", "kind": "status", "status": status, "skip": 1,
	})
	command()
	r.server.box.Mend(t)
}

// refuseOnce has the server refuse the next login. In an apply that replaces what is refused, that is the one with its value.
func (r rotated) refuseOnce(t *testing.T) {
	t.Helper()
	r.server.box.Fault(t, map[string]any{
		"system": "zenml", "method": http.MethodPost, "path": "/api/v1/login", "kind": "status", "status": http.StatusUnauthorized, "times": 1,
	})
}

// loginsOf counts the logins that a command sends, the provider's own among them.
func (r rotated) loginsOf(t *testing.T, command func()) int {
	t.Helper()
	r.server.box.ForgetRequests(t)
	command()
	return r.server.box.Logins(t)
}

// applyMustFail applies the saved plan, and fails unless that fails and says these phrases.
func (r rotated) applyMustFail(t *testing.T, phrases ...string) {
	t.Helper()
	printed, err := r.Apply(r.SavedPlan())
	if err == nil || !acctest.Said(printed, phrases...) {
		t.Errorf("the apply must fail and say %q; it ended with %v:\n%s", phrases, err, printed)
	}
}

// mustEnd applies a configuration without anything in it. An error for what was found does not keep it from that; `terraform
// destroy` plans the configuration as it is before it plans the end.
func (r rotated) mustEnd(t *testing.T) {
	t.Helper()
	r.Write("main.tf", "")
	r.MustApply()
	if !r.server.real {
		r.server.box.MustBeEmpty(t, "zenml")
	}
}
