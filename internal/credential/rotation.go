package credential

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

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
	plan.Current, plan.Previous = r.Form.Current(*made), r.Form.None()
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
		if accepted, err := r.Verify(ctx, HeldIn(state.Current)); err == nil && accepted {
			return diag.Diagnostics{r.Failure("replace the refused", HeldIn(state.Current), errAccepted, "Nothing was changed. Plan again.")}
		}
	}
	live := state
	leftovers, diags := r.sweep(ctx, leftovers)
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
	case made != nil && err != nil:
		// Its text alone: what is to be done about an object that a creation has lost is done here.
		diags.Append(r.Failure("create the next", *made, errors.New(err.Error()),
			"What was made cannot be used, so it is revoked. The current one stays, and the next apply tries again."))
		return append(diags, r.withdraw(ctx, *made, leftovers)...)
	case err != nil:
		return append(diags, r.Failure("create the next", Held{}, err, ""))
	}
	turned := plan.Rotated(*made, state, step, r.Form, r.Now())
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

// errAccepted tells that a credential was refused when the plan was made, and is not any more.
var errAccepted = errors.New("the system accepts it again")

// Abandon revokes what earlier runs have left, and leaves the credentials of the state in the system.
func (r Rotation) Abandon(ctx context.Context, leftovers []Leftover) diag.Diagnostics {
	var diags diag.Diagnostics
	for _, left := range leftovers {
		if err := r.revoke(ctx, left.held()); err != nil {
			diags.Append(r.Failure("revoke the leftover", left.held(), err, ""))
		}
	}
	return diags
}

// End revokes all that a state and its leftovers hold, the current credential last.
func (r Rotation) End(ctx context.Context, state Rotating, leftovers []Leftover) diag.Diagnostics {
	var diags diag.Diagnostics
	ends := []Held{HeldIn(state.Previous)}
	for _, left := range leftovers {
		ends = append(ends, left.held())
	}
	for _, held := range append(ends, HeldIn(state.Current)) {
		if !held.Exists() {
			continue
		}
		if err := r.revoke(ctx, held); err != nil {
			diags.Append(r.Failure("delete", held, err, ""))
			return diags
		}
	}
	return diags
}

// sweep revokes what earlier runs could not, and notes what is left of it.
func (r Rotation) sweep(ctx context.Context, leftovers []Leftover) (left []Leftover, diags diag.Diagnostics) {
	left = []Leftover{}
	for _, one := range leftovers {
		if err := r.revoke(ctx, one.held()); err != nil {
			diags.Append(r.Failure("revoke the leftover", one.held(), err, "The next apply tries again."))
			left = append(left, one)
		}
	}
	if len(left) < len(leftovers) {
		diags.Append(noteLeftovers(ctx, r.Private, left)...)
	}
	return left, diags
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

// LeftoversWarning tells that a plan revokes what earlier runs left.
func LeftoversWarning(noun string, leftovers []Leftover) diag.Diagnostic {
	ids := make([]string, len(leftovers))
	for i, left := range leftovers {
		ids[i] = left.ID
	}
	return diag.NewWarningDiagnostic("A "+noun+" is left to be revoked", fmt.Sprintf(
		"An earlier run made a credential that did not prove to be accepted, or had one to end, and could not revoke it: %s. The plan revokes it.", strings.Join(ids, ", ")))
}
