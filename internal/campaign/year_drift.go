package campaign

import (
	"fmt"
	"maps"
	"strings"
)

// drift is somebody else, who ends the previous credential every other time that nobody uses it any more, or else changes the
// account.
func (y *year) drift() {
	y.t.Helper()
	y.summary.Drifts++
	objects := y.runner.Objects()
	pairs := Pairs(leafLabel, objects)
	if y.holding().previous != "" && y.System != "zenml" && y.pair.Secret == pairs[0].Secret && y.by(2) {
		y.end(objects[leafLabel])
		return
	}
	account := y.blocks[0]
	name := map[string]string{"zenml": "description", "dt": "display_name", "neowit": "name", "keycard": "description"}[y.System]
	changed := []Block{account.With(name, fmt.Sprintf("drift %d", y.summary.Nights))}
	id := lifecycleOf(account.Type).ImportID(objects[accountLabel].Values)
	other := NewEngine(y.box.Env(), y.box.Now)
	if err := other.Apply(y.context(), changed, map[string]string{accountLabel: id}); err != nil {
		y.t.Fatalf("somebody else: %s", y.listener.Masked(err.Error()))
	}
	y.renamed = func() bool {
		changes, err := other.Changes(y.context(), changed)
		if err != nil {
			y.t.Fatalf("somebody else: %s", y.listener.Masked(err.Error()))
		}
		return len(changes) == 0
	}
}

// end deletes the previous credential by hand: as an object of the plain type, which is imported for that.
func (y *year) end(leaf Object) {
	y.t.Helper()
	plain := Block{Type: strings.Replace(leaf.Type, "rotating_", "", 1), Label: leafLabel, Arguments: map[string]any{}}
	for _, parent := range []string{"service_account", "service_account_id", "organization_id", "name"} {
		if value, has := leaf.Values[parent]; has && y.blocks[len(y.blocks)-1].Arguments[parent] != nil {
			plain.Arguments[parent] = value
		}
	}
	values := maps.Clone(leaf.Values)
	values["current"] = leaf.held()[1]
	other := NewEngine(y.box.Env(), y.box.Now)
	err := other.Apply(y.context(), []Block{plain}, map[string]string{leafLabel: y.ImportID(values)})
	if err == nil {
		err = other.Apply(y.context(), nil, nil)
	}
	if err != nil {
		y.t.Fatalf("somebody else: %s", y.listener.Masked(err.Error()))
	}
}
