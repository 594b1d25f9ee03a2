package credential

import (
	"context"
	"errors"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/machineid/terraform-provider-machineid/internal/outcome"
	"github.com/machineid/terraform-provider-machineid/internal/service"
)

// Rotation changes a rotating credential on a system that knows no rotation of its own: it makes a new credential beside the
// old one. What is done is in the response before the next request is sent.
type Rotation struct {
	// Noun is what kind of credential it is, and Form the shape of its objects.
	Noun string
	Form Form
	// Make makes a credential. It may return both one and an error: something is wrong with what was made.
	Make func(context.Context) (*Held, error)
	// Verify logs in with a credential.
	Verify func(context.Context, Held) (accepted bool, err error)
	// Revoke ends a credential. One that is not there is an error for which Gone tells so.
	Revoke func(context.Context, Held) error
	Gone   func(error) bool
	// Wary leaves alone what was found where a creation was lost: others make credentials there at the same time.
	Wary bool
	// IsUsed tells that somebody has used a credential, whose secret nobody would have if it were ours; nil where the system
	// does not tell.
	IsUsed func(context.Context, Held) (bool, error)
	// Failure tells what an operation on a credential failed with, and what comes next; "" takes the usual advice.
	Failure func(operation string, held Held, err error, next string) diag.Diagnostic
	// Now is the present by the system's clock.
	Now func() time.Time
	// Put puts what is true now into the response.
	Put func(Rotating) diag.Diagnostics
	// Private is that of the response.
	Private service.PrivateWriter
}

// revokeTime bounds the revocation of a credential that failed its proof, which must not end with the run.
const revokeTime = 10 * time.Second

// Begin makes the first credential.
func (r Rotation) Begin(ctx context.Context, plan Rotating, of func(Held) Subject) diag.Diagnostics {
	var diags diag.Diagnostics
	made, err := r.Make(ctx)
	if err != nil {
		diags.Append(r.Failure("create", Held{}, err, ""))
		if made == nil {
			return diags
		}
	}
	held, sealing := plan.SealHeld(ctx, *made)
	diags.Append(sealing...)
	plan.Current, plan.Previous = r.Form.Current(held), r.Form.None()
	plan.RotationDueAt = plan.DueAt(of(*made))
	diags.Append(r.Put(plan)...)
	if diags.HasError() {
		return diags
	}
	if err := plan.Prove(ctx, func(ctx context.Context) (bool, error) { return r.Verify(ctx, *made) }); err != nil {
		diags.Append(r.Failure("prove the new", *made, err, "It is in the state, and the next apply replaces it. With verify = false it would be taken unproven."))
	}
	return diags
}

// Update does what a plan shows. The state and its leftovers are those before it; noted is what the latest refresh left.
func (r Rotation) Update(ctx context.Context, state, plan Rotating, leftovers []Leftover, noted Refresh, of func(Held) Subject) diag.Diagnostics {
	step := StepOf(state, plan)
	if step.Discard {
		refused := HeldIn(state.Current)
		if err := StillRefused(ctx, func(ctx context.Context) (bool, error) { return r.Verify(ctx, refused) }); err != nil {
			return diag.Diagnostics{r.Failure("replace the refused", HeldIn(state.Current), err, "Nothing was changed. Plan again.")}
		}
	}
	live := state
	left, diags := r.sweep(ctx, state, leftovers, "The next apply tries again.")
	if len(left) < len(leftovers) {
		diags.Append(noteLeftovers(ctx, r.Private, left)...)
	}
	leftovers = left
	if step.Retire {
		retired := HeldIn(state.Previous)
		if err := r.revoke(ctx, retired); err != nil {
			return append(diags, r.Failure("revoke the previous", retired, err, ""))
		}
		live.Previous = r.Form.None()
		diags.Append(r.Put(live)...)
	}
	if !step.Rotate {
		plan.RotationDueAt = plan.DueAt(of(HeldIn(state.Current)))
		return append(diags, r.Put(plan)...)
	}
	made, err := r.Make(ctx)
	switch {
	case outcome.IsUnresolved(err) && made != nil:
		next := "The current one stays, and the next apply tries again."
		if made.ID.Equal(HeldIn(state.Current).ID) || made.ID.Equal(HeldIn(state.Previous).ID) {
			// It was made moments ago, and so looks like the lost one.
			return append(diags, r.Failure("create the next", Held{}, errors.New(err.Error()), "No other was found that was made just then. "+next))
		}
		diags.Append(r.Failure("create the next", *made, errors.New(err.Error()), made.ID.ValueString()+
			" was made just then, and seems to be it. It was not touched: the next plan tells of it, and its apply revokes it. "+next))
		found := Leftover{ID: made.ID.ValueString(), Created: outcome.TakenAt(err), Found: true}
		return append(diags, noteLeftovers(ctx, r.Private, append(leftovers, found))...)
	case made != nil && err != nil:
		// Its text alone: what is to be done about an object that a creation has lost is done here.
		diags.Append(r.Failure("create the next", *made, errors.New(err.Error()),
			"What was made cannot be used, so it is revoked. The current one stays, and the next apply tries again."))
		return append(diags, r.withdraw(ctx, *made, leftovers)...)
	case err != nil:
		return append(diags, r.Failure("create the next", Held{}, err, ""))
	}
	held, sealing := plan.SealHeld(ctx, *made)
	if sealing.HasError() {
		return append(append(diags, sealing...), r.withdraw(ctx, *made, leftovers)...)
	}
	turned, sealing := plan.Rotated(ctx, held, state, step, r.Form, r.Now())
	diags.Append(sealing...)
	turned.RotationDueAt = plan.DueAt(of(*made))
	diags.Append(r.Put(turned)...)
	if err := plan.Prove(ctx, func(ctx context.Context) (bool, error) { return r.Verify(ctx, *made) }); err != nil {
		diags.Append(r.Failure("prove the next", *made, err, "The current one stays, and the new one is revoked. The next apply tries again."))
		diags.Append(r.withdraw(ctx, *made, leftovers)...)
		return append(diags, r.Put(live)...)
	}
	// What was found concerned the credential before.
	diags.Append(Refresh{At: noted.At}.Note(ctx, r.Private)...)
	if step.Discard {
		dead := HeldIn(state.Current)
		if err := r.revoke(ctx, dead); err != nil {
			diags.Append(r.Failure("revoke the refused", dead, err, "The next apply tries again."))
			diags.Append(noteLeftovers(ctx, r.Private, append(leftovers, leftover(dead)))...)
		}
	}
	return diags
}

// Abandon revokes what earlier runs could not, and leaves all else in the system: the credentials of the state, and what was
// only found.
func (r Rotation) Abandon(ctx context.Context, state Rotating, leftovers []Leftover) diag.Diagnostics {
	r.Wary = true
	_, diags := r.sweep(ctx, state, leftovers, "")
	return diags
}

// End revokes all that a state and its leftovers hold, the current credential last. What is done is in the response before the
// next request is sent.
func (r Rotation) End(ctx context.Context, state Rotating, leftovers []Leftover) diag.Diagnostics {
	diags := r.end(ctx, HeldIn(state.Previous))
	if HeldIn(state.Previous).Exists() && !diags.HasError() {
		state.Previous = r.Form.None()
		diags = r.Put(state)
	}
	if !diags.HasError() {
		_, diags = r.sweep(ctx, state, leftovers, "")
	}
	if !diags.HasError() {
		diags = r.end(ctx, HeldIn(state.Current))
	}
	return diags
}

// end revokes a credential with its resource, if there is one.
func (r Rotation) end(ctx context.Context, held Held) diag.Diagnostics {
	if !held.Exists() {
		return nil
	}
	if err := r.revoke(ctx, held); err != nil {
		return diag.Diagnostics{r.Failure("delete", held, err, "")}
	}
	return nil
}

// sweep revokes what earlier runs have left, and returns what could not be revoked. Next tells what comes then.
func (r Rotation) sweep(ctx context.Context, state Rotating, leftovers []Leftover, next string) (left []Leftover, diags diag.Diagnostics) {
	left = []Leftover{}
	for _, one := range leftovers {
		id := one.held().ID
		if id.Equal(HeldIn(state.Current).ID) || id.Equal(HeldIn(state.Previous).ID) {
			continue
		}
		leave, err := r.isSomebodyElses(ctx, one)
		if leave {
			continue
		}
		if err == nil {
			err = r.revoke(ctx, one.held())
		}
		if err != nil {
			diags.Append(r.Failure("revoke the leftover", one.held(), err, next))
			left = append(left, one)
		}
	}
	return left, diags
}

// isSomebodyElses tells that what was found where a creation was lost is to be left alone.
func (r Rotation) isSomebodyElses(ctx context.Context, left Leftover) (bool, error) {
	switch {
	case !left.Found:
		return false, nil
	case r.Wary || r.IsUsed == nil:
		return r.Wary, nil
	}
	return r.IsUsed(ctx, left.held())
}

// withdraw revokes a new credential that is not to be used, even if the run was interrupted, and leaves its id to the next
// run if that fails.
func (r Rotation) withdraw(ctx context.Context, made Held, leftovers []Leftover) diag.Diagnostics {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), revokeTime)
	defer cancel()
	err := r.revoke(ctx, made)
	if err == nil {
		return nil
	}
	diags := diag.Diagnostics{r.Failure("revoke the new", made, err, "The next apply tries again.")}
	return append(diags, noteLeftovers(ctx, r.Private, append(leftovers, leftover(made)))...)
}

func (r Rotation) revoke(ctx context.Context, held Held) error {
	if err := r.Revoke(ctx, held); err != nil && !r.Gone(err) {
		return err
	}
	return nil
}
