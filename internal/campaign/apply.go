package campaign

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// carryOut does what was planned. What is kept of an object after an error is what the provider answers.
func (e *Engine) carryOut(ctx context.Context, provider *session, blocks []Block, plan *walk) error {
	for _, label := range slices.Backward(slices.Clone(e.order)) {
		change := plan.changes[label]
		if change.action != destroy && change.action != replace {
			continue
		}
		doomed := e.state[label]
		remains, err := provider.apply(ctx, doomed.typeName, &doomed, nil, planned{private: change.private})
		if remains != nil {
			remains.tainted = doomed.tainted
			e.state[label] = *remains
			if err == nil {
				err = fmt.Errorf("%s was deleted without an error, and is still there", label)
			}
			return err
		}
		e.Forget(label)
		if err != nil {
			return err
		}
	}
	values := map[string]tftypes.Value{}
	for _, block := range blocks {
		if err := e.applyBlock(ctx, provider, block, plan.changes[block.Label], values); err != nil {
			return err
		}
		values[block.Label] = e.state[block.Label].value
	}
	return nil
}

// applyBlock makes or changes an object. It is planned again, because now all that it refers to is known; the plan that
// was shown must still hold.
func (e *Engine) applyBlock(ctx context.Context, provider *session, block Block, shown planned, values map[string]tftypes.Value) error {
	if shown.action == keep {
		return nil
	}
	config, err := provider.evaluate(block, values)
	if err != nil {
		return err
	}
	final, err := provider.planBlock(ctx, block, config, e.state)
	if err != nil {
		return err
	}
	if name := contradicts(shown.value, final.value); name != "" {
		return fmt.Errorf("inconsistent final plan: %s.%s", block.Label, name)
	}
	var prior *object
	if known, ok := e.state[block.Label]; ok {
		prior = &known
	}
	made, err := provider.apply(ctx, block.Type, prior, &config, final)
	if made == nil {
		if err == nil {
			err = fmt.Errorf("%s was made without an error, and is not in the answer", block.Label)
		}
		return err
	}
	made.tainted = err != nil && prior == nil
	e.put(block.Label, *made)
	if err != nil {
		return err
	}
	if !made.value.IsFullyKnown() {
		return fmt.Errorf("%s has unknown values after apply", block.Label)
	}
	if name := contradicts(final.value, made.value); name != "" {
		return fmt.Errorf("inconsistent result after apply: %s.%s", block.Label, name)
	}
	return nil
}

// apply asks the provider for a change, and returns what there is afterwards: nil for nothing. Without a configuration,
// the object is destroyed.
func (s *session) apply(ctx context.Context, typeName string, prior *object, config *tftypes.Value, plan planned) (*object, error) {
	var before, after *tftypes.Value
	if prior != nil {
		before = &prior.value
	}
	if config != nil {
		after = &plan.value
	}
	request := &tfprotov6.ApplyResourceChangeRequest{TypeName: typeName, PlannedPrivate: plan.private, PlannedIdentity: plan.identity}
	for place, value := range map[**tfprotov6.DynamicValue]*tftypes.Value{
		&request.PriorState: before, &request.PlannedState: after, &request.Config: config,
	} {
		encoded, err := s.wire(typeName, value)
		if err != nil {
			return nil, err
		}
		*place = encoded
	}
	answer, err := s.ApplyResourceChange(ctx, request)
	if err != nil {
		return prior, err
	}
	value, err := s.read(typeName, answer.NewState)
	if err != nil {
		return prior, err
	}
	if value.IsNull() {
		return nil, s.failure(answer.Diagnostics)
	}
	return &object{typeName: typeName, value: value, private: answer.Private, identity: answer.NewIdentity}, s.failure(answer.Diagnostics)
}
