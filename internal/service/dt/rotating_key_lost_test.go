package dt_test

import (
	"net/http"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// loseNext has the answer to the next creation broken, and sees that the rotation fails, that nothing is revoked in the same
// run, and that the next plan names what was found. It returns the current key and that one.
func (a aging) loseNext(fault map[string]any) (first, found held) {
	a.t.Helper()
	a.settle()
	first, _ = a.both()
	a.at(91 * day)
	fault["system"], fault["method"], fault["path"], fault["times"] = "dt", http.MethodPost, keysPath, 1
	a.box.Fault(a.t, fault)
	a.ApplyMustFail("Cannot create the next DT service account key", "was made just then", "It was not touched", "the next apply tries again")
	if current, previous := a.both(); current != first || previous.id != "" {
		a.t.Errorf("current is %s, want %s, previous %s", current.id, first.id, previous.id)
	}
	for id := range a.box.Names(a.t, "dt", "service_account_keys") {
		if id != first.id {
			found = held{id: id}
		}
	}
	a.mustHold(first, found)
	if plan, printed, _ := a.Plan(); !isRotated(plan) || !acctest.Said(printed, "A DT service account key was found where a creation was lost", found.id, "The plan revokes it") {
		a.t.Errorf("the plan does not tell of %s:\n%s", found.id, printed)
	}
	return first, found
}

// A creation whose answer was lost made a key that is of no use: it is found, named by the next plan, and revoked by its apply.
func TestAccTheNextKeyIsLost(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]map[string]any{
		"the answer is lost":         {"kind": "cut_after"},
		"the answer is a web page":   {"kind": "html"},
		"the answer is not complete": {"kind": "truncated"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := target(t).aging(t, "rotating_key.tf", map[string]string{})
			first, _ := a.loseNext(fault)
			a.settle()
			current, previous := a.both()
			if previous.id != first.id {
				t.Errorf("previous is %s, want %s", previous.id, first.id)
			}
			a.mustHold(first, current)
		})
	}
}

// An answer that lacks something is about a key of ours all the same: it is revoked at once.
func TestAccTheNextKeyIsOdd(t *testing.T) {
	t.Parallel()
	for _, field := range []string{"id", "secret"} {
		t.Run("the answer lacks its "+field, func(t *testing.T) {
			t.Parallel()
			a := target(t).aging(t, "rotating_key.tf", map[string]string{})
			a.settle()
			first, _ := a.both()
			a.at(91 * day)
			a.box.Fault(t, map[string]any{"system": "dt", "method": http.MethodPost, "path": keysPath, "times": 1, "kind": "lacking", "field": field})
			a.ApplyMustFail("Cannot create the next DT service account key", "cannot be used, so it is revoked", "The current one stays, and the next apply tries again")
			if current, previous := a.both(); current != first || previous.id != "" {
				t.Errorf("current is %s, want %s, previous %s", current.id, first.id, previous.id)
			}
			a.mustHold(first)
			a.settle()
			current, previous := a.both()
			if previous.id != first.id {
				t.Errorf("previous is %s, want %s", previous.id, first.id)
			}
			a.mustHold(first, current)
		})
	}
}

// What was found may be somebody else's: who says so keeps it.
func TestAccTheNextKeyIsSomebodyElses(t *testing.T) {
	t.Parallel()
	a := target(t).aging(t, "rotating_key.tf", map[string]string{})
	first, found := a.loseNext(map[string]any{"kind": "cut_after"})
	a.set("unknown_outcome", "stop")
	a.settle()
	current, _ := a.both()
	a.mustHold(first, current, found)
	a.set("unknown_outcome", "")
	if _, printed, changes := a.Plan(); changes || acctest.Said(printed, found.id) {
		t.Errorf("it is not forgotten:\n%s", printed)
	}
}
