package keycard_test

import (
	"net/http"
	"testing"
	"time"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

const day = 24 * time.Hour

// kept is a configuration of testdata/rotation in a workspace whose provider has the sandbox's clock.
type kept struct {
	server
	*acctest.Workspace
	variables map[string]string
}

// keep prepares a configuration; its variables are given as name and value in turn.
func (s server) keep(t *testing.T, file string, pairs ...string) *kept {
	t.Helper()
	return s.keepIn(t, s.env, file, pairs...)
}

// keepIn is [server.keep] in another environment.
func (s server) keepIn(t *testing.T, env map[string]string, file string, pairs ...string) *kept {
	t.Helper()
	k := &kept{server: s, Workspace: acctest.NewWorkspaceAt(t, env, s.box.Now), variables: map[string]string{}}
	k.Copy("internal/service/keycard/testdata/rotation/" + file)
	k.vary(pairs...)
	return k
}

// vary changes variables; "" takes one away.
func (k *kept) vary(pairs ...string) {
	for i := 0; i < len(pairs); i += 2 {
		k.variables[pairs[i]] = pairs[i+1]
		if pairs[i+1] == "" {
			delete(k.variables, pairs[i])
		}
	}
	k.Variables(k.variables)
}

// mustPlan plans, and fails the test unless the plan has this action for a resource and says these phrases. The plan is saved.
func (k *kept) mustPlan(t *testing.T, address, action string, phrases ...string) {
	t.Helper()
	plan, printed, changes := k.Plan()
	if acctest.Actions(plan, address) != action || changes != (action != "no-op") || !acctest.Said(printed, phrases...) {
		t.Errorf("%s has the action %q, want %q, and %q:\n%s", address, acctest.Actions(plan, address), action, phrases, printed)
	}
}

// text is an attribute that is a text; "" if it is null.
func (k *kept) text(address, attribute string) string {
	text, _ := k.Value(address, attribute).(string)
	return text
}

// moment is an attribute that is a moment; zero if it is null.
func (k *kept) moment(t *testing.T, address, attribute string) time.Time {
	t.Helper()
	return parsed(t, k.text(address, attribute))
}

func parsed(t *testing.T, text string) time.Time {
	t.Helper()
	if text == "" {
		return time.Time{}
	}
	moment, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		t.Fatal(err)
	}
	return moment
}

// written counts the requests that change something in the system.
func (s server) written(t *testing.T) int {
	t.Helper()
	return s.answered(t, http.MethodPost, 0) + s.answered(t, http.MethodPatch, 0) + s.answered(t, http.MethodDelete, 0)
}

// change is what a plan makes of a resource, and what of it is not known yet.
func change(t *testing.T, plan *tfjson.Plan, address string) (after, unknown map[string]any) {
	t.Helper()
	for _, found := range plan.ResourceChanges {
		if found.Address == address {
			after, _ = found.Change.After.(map[string]any)
			unknown, _ = found.Change.AfterUnknown.(map[string]any)
		}
	}
	return after, unknown
}
