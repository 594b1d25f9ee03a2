package campaign

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// action is what is to be done about an object.
type action string

const (
	keep    action = "keep"
	create  action = "create"
	change  action = "change"
	replace action = "replace"
	destroy action = "destroy"
)

// planned is the plan for one object.
type planned struct {
	action   action
	value    tftypes.Value
	private  []byte
	identity *tfprotov6.ResourceIdentityData
}

// walk is a plan as a whole.
type walk struct {
	// state and order are what the refresh has found.
	state map[string]object
	order []string
	// drift are the labels of objects that the refresh has found changed.
	drift   []string
	changes map[string]planned
}

// plan refreshes a copy of the state, and compares it with the configuration.
func (e *Engine) plan(ctx context.Context, provider *session, blocks []Block, imports map[string]string) (*walk, error) {
	seen := &Engine{state: maps.Clone(e.state), order: slices.Clone(e.order)}
	result := &walk{changes: map[string]planned{}}
	for _, label := range e.order {
		before := e.state[label]
		now, err := provider.refresh(ctx, before)
		if err != nil {
			return nil, err
		}
		if now == nil {
			result.drift = append(result.drift, label+": gone")
			seen.Forget(label)
			continue
		}
		if !now.value.Equal(before.value) {
			result.drift = append(result.drift, label+": drifted")
		}
		seen.state[label] = *now
	}
	for _, block := range blocks {
		if _, known := seen.state[block.Label]; known || imports[block.Label] == "" {
			continue
		}
		imported, err := provider.importObject(ctx, block.Type, imports[block.Label])
		if err != nil {
			return nil, err
		}
		seen.put(block.Label, *imported)
	}
	result.state, result.order = seen.state, seen.order

	values := map[string]tftypes.Value{}
	for _, block := range blocks {
		config, err := provider.evaluate(block, values)
		if err != nil {
			return nil, err
		}
		change, err := provider.planBlock(ctx, block, config, seen.state)
		if err != nil {
			return nil, err
		}
		result.changes[block.Label], values[block.Label] = change, change.value
	}
	for _, label := range slices.Backward(seen.order) {
		if _, wanted := result.changes[label]; wanted {
			continue
		}
		doomed := seen.state[label]
		plan, err := provider.planChange(ctx, doomed.typeName, &doomed, nil, doomed.private)
		if err != nil {
			return nil, err
		}
		result.changes[label] = planned{action: destroy, value: doomed.value, private: plan.PlannedPrivate}
	}
	return result, nil
}

// refresh reads an object; nil if it is gone.
func (s *session) refresh(ctx context.Context, known object) (*object, error) {
	wire, err := s.wire(known.typeName, &known.value)
	if err != nil {
		return nil, err
	}
	answer, err := s.ReadResource(ctx, &tfprotov6.ReadResourceRequest{
		TypeName: known.typeName, CurrentState: wire, Private: known.private, CurrentIdentity: known.identity,
	})
	if err != nil {
		return nil, err
	}
	if err := s.failure(answer.Diagnostics); err != nil {
		return nil, err
	}
	value, err := s.read(known.typeName, answer.NewState)
	if err != nil || value.IsNull() {
		return nil, err
	}
	known.value, known.private, known.identity = value, answer.Private, answer.NewIdentity
	return &known, nil
}

func (s *session) importObject(ctx context.Context, typeName, id string) (*object, error) {
	answer, err := s.ImportResourceState(ctx, &tfprotov6.ImportResourceStateRequest{TypeName: typeName, ID: id})
	if err != nil {
		return nil, err
	}
	if err := s.failure(answer.Diagnostics); err != nil {
		return nil, err
	}
	if len(answer.ImportedResources) != 1 {
		return nil, fmt.Errorf("%d objects were imported by %s", len(answer.ImportedResources), id)
	}
	imported := answer.ImportedResources[0]
	value, err := s.read(typeName, imported.State)
	if err != nil {
		return nil, err
	}
	found, err := s.refresh(ctx, object{typeName: typeName, value: value, private: imported.Private, identity: imported.Identity})
	if err == nil && found == nil {
		return nil, fmt.Errorf("cannot import non-existent remote object %s", id)
	}
	return found, err
}

// evaluate makes a block's configuration, by what is known of the other blocks.
func (s *session) evaluate(block Block, values map[string]tftypes.Value) (tftypes.Value, error) {
	return evaluate(s.schema(block.Type), block, values)
}

// evaluate makes a configuration for a schema.
func evaluate(schema *tfprotov6.Schema, block Block, values map[string]tftypes.Value) (tftypes.Value, error) {
	return build(schema.ValueType(), block.Arguments, func(to Reference) (tftypes.Value, error) {
		value, ok := members(values[to.Label])[to.Attribute]
		if !ok {
			return value, fmt.Errorf("%s has no attribute %s", to.Label, to.Attribute)
		}
		return value, nil
	})
}

// planBlock plans a block: once, or once more as a creation if it turns out that the object must be replaced. A tainted
// object is planned as if there were none.
func (s *session) planBlock(ctx context.Context, block Block, config tftypes.Value, state map[string]object) (planned, error) {
	prior, exists := state[block.Label]
	if !exists || prior.tainted {
		plan, err := s.planChange(ctx, block.Type, nil, &config, nil)
		if err != nil {
			return planned{}, err
		}
		if exists {
			return s.decide(block.Type, replace, plan)
		}
		return s.decide(block.Type, create, plan)
	}
	plan, err := s.planChange(ctx, block.Type, &prior, &config, prior.private)
	if err != nil {
		return planned{}, err
	}
	decided, err := s.decide(block.Type, keep, plan)
	if err != nil {
		return planned{}, err
	}
	before, after := members(prior.value), members(decided.value)
	for _, path := range plan.RequiresReplace {
		name, ok := path.Steps()[0].(tftypes.AttributeName)
		if ok && !before[string(name)].Equal(after[string(name)]) {
			if plan, err = s.planChange(ctx, block.Type, nil, &config, plan.PlannedPrivate); err != nil {
				return planned{}, err
			}
			return s.decide(block.Type, replace, plan)
		}
	}
	if !decided.value.Equal(prior.value) {
		decided.action = change
	}
	return decided, nil
}

func (s *session) decide(typeName string, action action, plan *tfprotov6.PlanResourceChangeResponse) (planned, error) {
	value, err := s.read(typeName, plan.PlannedState)
	return planned{action: action, value: value, private: plan.PlannedPrivate, identity: plan.PlannedIdentity}, err
}

// planChange asks the provider. Without a configuration, the plan is to destroy.
func (s *session) planChange(ctx context.Context, typeName string, prior *object, config *tftypes.Value, private []byte) (*tfprotov6.PlanResourceChangeResponse, error) {
	var before, proposed *tftypes.Value
	var identity *tfprotov6.ResourceIdentityData
	if prior != nil {
		before, identity = &prior.value, prior.identity
	}
	if config != nil {
		merged := propose(s.attributes(typeName), before, *config)
		proposed = &merged
	}
	request := &tfprotov6.PlanResourceChangeRequest{TypeName: typeName, PriorPrivate: private, PriorIdentity: identity}
	for place, value := range map[**tfprotov6.DynamicValue]*tftypes.Value{
		&request.PriorState: before, &request.ProposedNewState: proposed, &request.Config: config,
	} {
		encoded, err := s.wire(typeName, value)
		if err != nil {
			return nil, err
		}
		*place = encoded
	}
	answer, err := s.PlanResourceChange(ctx, request)
	if err != nil {
		return nil, err
	}
	return answer, s.failure(answer.Diagnostics)
}
