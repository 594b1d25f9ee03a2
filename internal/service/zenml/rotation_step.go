package zenml

import (
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/credential"
	"github.com/machineid/terraform-provider-machineid/internal/service"
)

// valueStep is what an update does with the values of a key.
type valueStep struct {
	credential.Step
	// Beside makes the next value that of a second key, because a rotation would end the one that is in use.
	Beside bool
}

// decideValue tells what a plan does with the values of a key.
func decideValue(state, plan rotatingAPIKeyModel, refresh credential.Refresh, lost *lostAnswer) valueStep {
	elsewhere := refresh.Found == credential.RotatedElsewhere
	if elsewhere && lost != nil && !lost.Elsewhere {
		return decideLost(state, plan, refresh, *lost)
	}
	step := valueStep{Step: credential.DecideStep(state.Rotating, plan.Rotating, refresh, state.subject())}
	switch {
	case step.Diagnostics.HasError():
	case step.Rotate && elsewhere && lost != nil && lost.Until.After(refresh.At):
		// Consumers can live on with the value in the state, and another rotation would refuse them at once. It may also be one
		// of our own after which the run was killed.
		return decideLost(state, plan, refresh, *lost)
	case step.Rotate && step.Discard:
		step.discard(state, refresh.Found)
	case step.Undecided && elsewhere:
		step.Diagnostics.AddAttributeWarning(path.Root("current"), "Whoever uses an earlier value of the "+apiKeyNoun+" may be refused",
			"It depends on values that are not known until apply whether the key is rotated. A rotation keeps no value but the one in the state, for as long as that is accepted.")
	}
	return step
}

// decideLost is [decideValue] after a rotation whose new value nobody has told us. One of our own, whose answer was lost,
// concerns no on_drift: nobody else did it.
func decideLost(state, plan rotatingAPIKeyModel, refresh credential.Refresh, lost lostAnswer) valueStep {
	found := refresh.Found
	refresh.Found = ""
	step := valueStep{Step: credential.DecideStep(state.Rotating, plan.Rotating, refresh, state.subject())}
	if step.Undecided {
		return step
	}
	step.Beside = state.Active.ValueBool() && lost.Until.After(refresh.At)
	next := "The plan rotates it again."
	before, isBeside := state.beside()
	stays := isBeside && !step.Retire // neither is it over, nor is a rotation asked for
	ends := credential.HeldIn(state.Previous).RetiresAt
	switch {
	case step.Beside && stays && service.Time(ends).Before(lost.Until):
		step.Rotate, step.Beside, step.DueAt = false, false, plan.DueAt(state.subject())
		next = fmt.Sprintf("The value in the state is accepted until %s. The plan waits until the previous key retires, at %s, because only one is kept.",
			lost.Until.Format(time.RFC3339), ends.ValueString())
	case step.Beside:
		step.Rotate = true
		next = fmt.Sprintf("Another rotation would end at once the value in the state, which is accepted until %s. So the plan makes a second key, "+
			"and deletes this one after that.", lost.Until.Format(time.RFC3339))
		if stays {
			step.Retire = true
			next += fmt.Sprintf(" The previous %s is deleted early: it was to live until %s, and whoever still uses it is refused from then on.", before.object(), ends.ValueString())
		}
	default:
		step.Rotate = true
	}
	step.Attribute = path.Root("current")
	summary, what := "The value of a rotated "+apiKeyNoun+" was lost", "The provider rotated the %s, and the answer with the new value was lost. %s"
	if lost.Elsewhere {
		summary, what = apiKeyNoun+" was rotated outside Terraform", "The %s was rotated after its value was put into the state: by somebody else, or by a run that was killed. %s"
	}
	if !isBeside {
		step.Diagnostics = nil // tells of a previous value that has ended already
	}
	step.Diagnostics.AddAttributeWarning(step.Attribute, summary, fmt.Sprintf(what, state.object(), next))
	if step.Rotate && !step.Beside {
		step.discard(state, found)
	}
	return step
}

// discard has a rotation keep nothing: what the server would keep is the value that it has now, which is not the one in the
// state. A previous key of its own lives on.
func (s *valueStep) discard(state rotatingAPIKeyModel, found credential.Finding) {
	_, isBeside := state.beside()
	s.Discard, s.Retire = true, s.Retire || !isBeside
	ends := "the one in the state, as long as the retain period of that rotation lasts"
	switch {
	case found == credential.Deactivated:
		ends = "the one in the state, which would be accepted again with the key"
	case found == credential.Refused && (isBeside || !credential.HeldIn(state.Previous).Exists()):
		return
	case found == credential.Refused:
		ends = "the one before it"
	}
	s.Diagnostics.AddAttributeWarning(path.Root("current"), "Whoever uses an earlier value of the "+apiKeyNoun+" is refused at once", fmt.Sprintf(
		"ZenML keeps one value beside the newest: here %s. A further rotation ends it at once. Apply this when consumers can pick up the new value.", ends))
}

// stepOf reads back from a plan what [valueStep.apply] put into it. The ids tell little: both values of one key have its id, so
// that only a previous key of its own is known by it.
func stepOf(state, plan rotatingAPIKeyModel) valueStep {
	next, none := credential.HeldIn(plan.Current), plan.Previous.IsNull()
	rotates := next.Created.IsUnknown()
	_, isBeside := state.beside()
	stays := isBeside && credential.HeldIn(plan.Previous).ID.Equal(credential.HeldIn(state.Previous).ID)
	return valueStep{Beside: next.ID.IsUnknown(), Step: credential.Step{
		Rotate: rotates, Discard: rotates && (none || stays), Retire: !state.Previous.IsNull() && !stays && (rotates || none),
	}}
}

// apply puts a step into a planned model.
func (s valueStep) apply(plan *rotatingAPIKeyModel, state rotatingAPIKeyModel) {
	s.Apply(&plan.Rotating, state.Rotating, valueForm)
	if !s.Rotate {
		return
	}
	id := state.id()
	if s.Beside {
		id = types.StringUnknown()
	}
	secret, sealed := plan.PlanSecret()
	plan.Current = valueForm.Current(credential.Held{ID: id, Secret: secret, Sealed: sealed, Created: types.StringUnknown()})
}

// plannedActive tells whether a plan has a key accepted. An on_drift of "warn" leaves one as it was found, unless a rotation is
// asked for: that wants it used.
func (m rotatingAPIKeyModel) plannedActive(state rotatingAPIKeyModel, step valueStep) types.Bool {
	requested := credential.RotationRequested(state.RotateWhenChanged, m.RotateWhenChanged)
	switch {
	case state.Active.ValueBool() || m.OnDrift.ValueString() != credential.Warn:
		return types.BoolValue(true)
	case requested && step.Undecided:
		return types.BoolUnknown()
	}
	return types.BoolValue(requested)
}
