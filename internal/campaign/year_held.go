package campaign

import (
	"slices"
	"time"
)

// holding is what the state holds of the credential, as far as the system has it, read without the provider.
type holding struct {
	current, previous string
	issued, retires   time.Time
	// renamed tells that somebody has changed the account, and stray that the system has a credential that the state has not.
	renamed, stray bool
	// old are the keys that have been the current one, and still are in the system.
	old []string
}

func (y *year) holding() holding {
	y.t.Helper()
	leaf := y.runner.Objects()[leafLabel]
	system, nouns := collection(leaf.Type)
	var there []string
	for _, object := range y.box.Objects(y.t, system, nouns) {
		there = append(there, object.ID)
	}
	now := holding{renamed: y.renamed != nil}
	now.stray = slices.ContainsFunc(there, func(id string) bool { return !slices.Contains(leaf.IDs(), id) })
	for i, one := range leaf.held() {
		text := func(name string) string { value, _ := one[name].(string); return value }
		switch {
		case i == 0:
			now.current = text("id") + text("created")
			y.currents = append(y.currents, text("id"))
			now.issued, _ = time.Parse(time.RFC3339, text("created"))
		case slices.Contains(there, text("id")): // else it has ended already, and the state learns it from the next refresh
			now.previous = text("id") + text("created")
			now.retires, _ = time.Parse(time.RFC3339, text("retires_at"))
		}
	}
	now.old = slices.DeleteFunc(there, func(id string) bool { return id == y.currents[len(y.currents)-1] || !slices.Contains(y.currents, id) })
	return now
}

// What can be due.
const (
	rotation   = "rotation"
	retirement = "retirement"
)

// due tells what the pipeline has to do on a night: by the hour, rotations by the minute.
func (h holding) due(now time.Time, y Year) string {
	hour := now.Truncate(time.Hour)
	over := h.previous != "" && !h.retires.After(hour)
	next := h.issued.Add(time.Duration(y.RotateAfter) * night).Truncate(time.Minute)
	switch {
	case !next.After(hour) && (over || h.previous == ""):
		return rotation
	case over:
		return retirement
	}
	return ""
}

// count compares what the state held before with what it holds now, and tells whether there is another current credential.
func (y *year) count(before holding, due string, applyErr error) (rotated bool) {
	y.t.Helper()
	after := y.holding()
	rotated = after.current != before.current
	if rotated {
		y.summary.Rotations++
		if due != rotation {
			y.problemf("the credential was rotated, with due: %q", due)
		}
		// A rotation whose answer was lost began the overlap of ZenML's older value; the credential to use came a night later.
		left, overlap := after.retires.Sub(after.issued), time.Duration(y.Overlap)*night
		if left != overlap && (y.System != "zenml" || left > overlap) {
			y.problemf("the previous credential retires at %s, and the current one is of %s", after.retires, after.issued)
		}
	}
	if before.previous != "" && after.previous != before.previous {
		y.summary.Retirements++
	}
	if len(after.old) > 1 {
		y.problemf("more than one old key is alive: %q", after.old)
	}
	// After a good run there is no orphan: what a failed one may have left it has revoked.
	if applyErr == nil {
		y.sameObjects()
	}
	return rotated
}
