package acctest

import (
	"context"

	tfjson "github.com/hashicorp/terraform-json"
)

// State is the state as JSON.
func (w *Workspace) State() *tfjson.State {
	w.t.Helper()
	state, err := w.tf.Show(context.Background(), w.reattach)
	if err != nil {
		w.t.Fatalf("show: %v", err)
	}
	w.taken()
	return state
}

// Value is one attribute of a resource in the root module, nil if there is no such resource.
func (w *Workspace) Value(address, attribute string) any {
	w.t.Helper()
	state := w.State()
	if state.Values == nil {
		return nil
	}
	for _, resource := range state.Values.RootModule.Resources {
		if resource.Address == address {
			return resource.AttributeValues[attribute]
		}
	}
	return nil
}

// Output is one output of the root module, nil if there is none of that name.
func (w *Workspace) Output(name string) any {
	w.t.Helper()
	state := w.State()
	if state.Values == nil || state.Values.Outputs[name] == nil {
		return nil
	}
	return state.Values.Outputs[name].Value
}
