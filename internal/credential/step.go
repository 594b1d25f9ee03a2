package credential

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service"
)

// Step is what an update of a rotating credential does.
type Step struct {
	// Retire revokes the previous credential.
	Retire bool
	// Rotate makes a new credential.
	Rotate bool
	// Discard revokes the current credential after that, in place of keeping it for the overlap: it is refused already.
	Discard bool
	// Undecided tells that it depends on values that are not known yet what the update does. Apply knows them, and decides.
	Undecided bool
	// DueAt is the planned rotation_due_at if nothing is made.
	DueAt types.String
	// Attribute is the one that asks for the rotation.
	Attribute path.Path
	// Diagnostics tell why.
	Diagnostics diag.Diagnostics
}

// DecideStep tells what a plan does with a rotating credential: what is asked for rotates at once and retires the previous
// credential early; what is due waits for the previous one to retire. Retired is by the clock of the latest refresh.
func DecideStep(state, plan Rotating, refresh Refresh, of Subject) Step {
	previous := HeldIn(state.Previous)
	lives := previous.Exists()
	ended := lives && isDue(previous.RetiresAt, refresh.At)
	over := ended && refresh.Found != Refused // else it may be the only one that works
	step := Step{Retire: over, DueAt: plan.DueAt(of)}
	requested, attribute := RotationRequested(state.RotateWhenChanged, plan.RotateWhenChanged), path.Root("rotate_when_changed")
	if !of.NoSecret && state.recipientsChange(plan.Upkeep) {
		requested, attribute = true, path.Root("encrypt_to")
	}
	due := refresh.due(step.DueAt) && (ended || !lives)
	undecided := plan.undecided(state, requested, of)
	var drift Decision
	// An on_drift of "warn" does not keep a dead one from the rotation that is due.
	dead := refresh.Found == Refused || refresh.Found == RotatedElsewhere
	drift.react(plan.OnDrift, refresh.Found, of, requested && !undecided || due && dead && plan.OnDrift.ValueString() == Warn)
	step.Diagnostics = drift.Diagnostics
	switch {
	case len(drift.Replace) > 0:
		step.Rotate, step.Discard, step.Attribute = true, true, path.Root("current")
	case undecided:
		step = Step{Undecided: true, DueAt: types.StringUnknown(), Diagnostics: drift.Diagnostics}
		if requested && lives && !over {
			step.Diagnostics.AddAttributeWarning(attribute, "The previous "+of.Noun+" may be revoked early", fmt.Sprintf(
				"Whether a rotation is asked for depends on values that are not known until apply. If it is, the previous credential (%s), which still lives until %s, is revoked then: "+
					"only one old credential is kept.", previous.ID.ValueString(), previous.RetiresAt.ValueString()))
		}
	case requested && refresh.Found == OwnerDeactivated:
		step.Diagnostics.AddAttributeError(attribute, "A "+of.Noun+" cannot be rotated now", fmt.Sprintf(
			"A rotation of the %s was asked for, and the %s is deactivated: the next one would be refused, too. Activate the service account and plan again, or take the change back.",
			of.Object, of.Owner))
	case requested:
		// Of a dead one nothing is kept, so that the previous one need not end for it; nor of one that somebody has switched off,
		// which would be accepted again.
		step.Rotate, step.Discard, step.Attribute = true, dead || refresh.Found == Deactivated, attribute
		step.Retire = over || lives && !step.Discard
		if step.Retire && !over {
			step.Diagnostics.AddAttributeWarning(step.Attribute, "The previous "+of.Noun+" is revoked early", fmt.Sprintf(
				"A rotation was asked for while the previous credential (%s) still lives, until %s. Only one old credential is kept: the plan revokes that one now. "+
					"Whoever still uses it is refused from then on.", previous.ID.ValueString(), previous.RetiresAt.ValueString()))
		}
	case due:
		step.Rotate, step.Attribute = true, path.Root("rotation_due_at")
		step.Discard = refresh.Found == RotatedElsewhere || refresh.Found == Refused && lives
		step.Diagnostics.AddWarning(of.Noun+" is due for rotation", fmt.Sprintf(
			"The %s was issued at %s, and rotate_after is %q: it was due at %s. The plan makes a new one%s.",
			of.Object, of.Issued.UTC().Format(time.RFC3339), plan.RotateAfter.ValueString(), step.DueAt.ValueString(), step.keeping(plan)))
	}
	if ended && !over && !step.Rotate {
		step.Diagnostics.AddAttributeWarning(path.Root("previous"), "The previous "+of.Noun+" is kept", fmt.Sprintf(
			"It (%s) was to be revoked at %s. The current one is refused, so that it may be the only one that works.", previous.ID.ValueString(), previous.RetiresAt.ValueString()))
	}
	return step
}

// keeping tells what becomes of the credential before.
func (s Step) keeping(plan Rotating) string {
	switch {
	case s.Discard:
		return ""
	case plan.Overlap.IsUnknown():
		return ", and unless it replaces the resource, keeps this one for the overlap"
	}
	return ", and unless it replaces the resource, keeps this one for the overlap of " + plan.Overlap.ValueString()
}

// undecided tells that it depends on values that are not known yet whether the credential is rotated.
func (r Rotating) undecided(state Rotating, requested bool, of Subject) bool {
	reason := RotationRequested(state.RotateWhenChanged, r.RotateWhenChanged)
	switch {
	case reason && !isUndecided(state.RotateWhenChanged, r.RotateWhenChanged):
		return false
	case reason, !of.NoSecret && !isWhollyKnown(r.EncryptTo):
		return true
	}
	return !requested && (r.RotateAfter.IsUnknown() || r.RotationJitter.IsUnknown())
}

// Apply puts a step into a planned model.
func (s Step) Apply(plan *Rotating, state Rotating, form Form) {
	plan.Current, plan.Previous, plan.RotationDueAt = state.Current, state.Previous, s.DueAt
	if s.Undecided {
		plan.Current, plan.Previous = form.Unknown(Upkeep{EncryptTo: types.SetUnknown(types.StringType)}), form.undecided()
		return
	}
	if s.Retire {
		plan.Previous = form.None()
	}
	if !s.Rotate {
		return
	}
	plan.Current, plan.RotationDueAt = form.Unknown(plan.Upkeep), types.StringUnknown()
	if !s.Discard {
		retiring := plan.planRetiring(HeldIn(state.Current))
		retiring.RetiresAt = types.StringUnknown()
		plan.Previous = form.Previous(retiring)
	}
}

// PlanStep decides what an update does, with what the latest refresh and earlier runs have noted, and puts it into the planned
// model. Wary is that of the [Rotation].
func PlanStep(
	ctx context.Context, private service.PrivateReader, state Rotating, plan *Rotating, form Form, of Subject, wary bool,
) (Step, diag.Diagnostics) {
	refresh, diags := LatestRefresh(ctx, private)
	leftovers, more := Leftovers(ctx, private)
	diags.Append(more...)
	if diags.HasError() {
		return Step{}, diags
	}
	of.NoSecret = !HeldIn(state.Current).HasSecret()
	step := DecideStep(state, *plan, refresh, of)
	diags.Append(step.Diagnostics...)
	if step.Rotate {
		diags.Append(plan.CheckRecipients()...)
	}
	step.Apply(plan, state, form)
	if len(leftovers) > 0 {
		diags.Append(leftoversWarning(of.Noun, leftovers, wary)...)
		plan.RotationDueAt = types.StringUnknown() // has the update happen
	}
	return step, diags
}

// PlanEnd tells what else ends with a resource: what earlier runs have left.
func PlanEnd(ctx context.Context, private service.PrivateReader, noun string, wary bool) diag.Diagnostics {
	leftovers, diags := Leftovers(ctx, private)
	return append(diags, leftoversWarning(noun, leftovers, wary)...)
}

// StepOf reads back from a plan what [Step.Apply] put into it, so that apply does what the plan showed.
func StepOf(state, plan Rotating) Step {
	current, previous, planned := HeldIn(state.Current), HeldIn(state.Previous), HeldIn(plan.Previous)
	rotate := IsUnknown(plan.Current)
	return Step{
		Rotate:  rotate,
		Discard: rotate && !planned.ID.Equal(current.ID),
		Retire:  previous.Exists() && !planned.ID.Equal(previous.ID),
	}
}

// Rotated is the model after a rotation that a step made: the new credential is the current one, and the one before it is
// previous, until the overlap has passed after the new one was made, or after now if that is not known.
func (r Rotating) Rotated(
	ctx context.Context, made Held, state Rotating, step Step, form Form, now time.Time,
) (turned Rotating, diags diag.Diagnostics) {
	r.Current = form.Current(made)
	switch {
	case !step.Discard:
		var retiring Held
		retiring, diags = r.SealRetiring(ctx, HeldIn(state.Current))
		overlap, _ := ParsePeriod(r.Overlap.ValueString()) // was validated
		from := service.Time(made.Created)
		if from.IsZero() {
			from = now
		}
		retiring.RetiresAt = service.TimeValue(from.Add(overlap))
		r.Previous = form.Previous(retiring)
	case step.Retire:
		r.Previous = form.None()
	default:
		r.Previous = state.Previous
	}
	return r, diags
}
