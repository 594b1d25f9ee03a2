package zenml

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/credential"
	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/zenml/zenmlapi"
)

// This file knows what is peculiar to a rotation by ZenML: the server gives a key a new value, keeps exactly one value beside
// it, and ends that one by itself when its retain period is over (CONTRACT: K07 to K09). So there is nothing to revoke, and a
// rotation within the retain period of another ends the older value at once.

// changeValue is a rotation in the words of a [service.Threat]. It is not "rotate", which ends an object.
const changeValue = "change the value of"

// issuedAt is when the newest value of a key was made.
func issuedAt(key *zenmlapi.APIKey) types.String {
	if key.LastRotated != nil {
		return timeValue(key.LastRotated)
	}
	return timeValue(&key.Created)
}

// rotatedElsewhere tells that the key has a newer value than the one in the state. An imported key has none to lose, unless a
// rotation of ours is what nobody knows the value of.
func (m rotatingAPIKeyModel) rotatedElsewhere(key *zenmlapi.APIKey, lost *lostAnswer) bool {
	current := credential.HeldIn(m.Current)
	if !key.TellsRotation || current.Created.IsNull() || !current.HasSecret() && lost == nil {
		return false
	}
	return !issuedAt(key).Equal(current.Created)
}

// with is the model with other values.
func (m rotatingAPIKeyModel) with(values credential.Rotating) rotatingAPIKeyModel {
	m.Rotating = values
	return m
}

// turn gives the key its next value, and returns what is true from then on, with that value. The value that the state has is
// kept for the overlap, unless it is dead already.
func (s *server) turn(
	ctx context.Context, live, plan rotatingAPIKeyModel, step valueStep, private service.PrivateWriter,
) (now rotatingAPIKeyModel, value string, diags diag.Diagnostics) {
	var retain time.Duration
	if !step.Discard {
		if diags := s.checkNewest(ctx, live); diags.HasError() {
			return live, "", diags
		}
		retain, _ = credential.ParsePeriod(plan.Overlap.ValueString()) // was validated, and is whole minutes
	}
	rotated, err := s.RotateAPIKey(ctx, live.ServiceAccountID.ValueString(), live.id().ValueString(), int64(retain/time.Minute))
	if err != nil {
		now, diags = s.afterFailedRotation(ctx, live, err, private)
		return now, "", diags
	}
	made, diags := plan.SealHeld(ctx, credential.Held{ID: live.id(), Secret: types.StringValue(rotated.Key), Created: timeValue(rotated.LastRotated)})
	values, more := plan.Rotated(ctx, made, live.Rotating, step.Step, valueForm, s.ServerNow())
	turned := plan.with(values)
	turned.RotationDueAt = turned.DueAt(turned.subject())
	return turned, rotated.Key, append(append(diags, more...), (*lostAnswer)(nil).note(ctx, private)...)
}

// checkNewest refuses to rotate a key that has a newer value than the plan knew of: the server would keep that one, and
// refuse at once whoever uses the one in the state.
func (s *server) checkNewest(ctx context.Context, state rotatingAPIKeyModel) diag.Diagnostics {
	key, err := s.APIKey(ctx, state.ServiceAccountID.ValueString(), state.id().ValueString())
	switch {
	case err != nil:
		return diag.Diagnostics{s.failure("rotate", apiKeyNoun, state.object(), err)}
	case state.rotatedElsewhere(key, &lostAnswer{}):
		return diag.Diagnostics{diag.NewErrorDiagnostic("Cannot rotate "+apiKeyNoun, fmt.Sprintf(
			"The %s was rotated at %s, after the plan was made. ZenML keeps one value beside the newest, so another rotation ends at once the one in the state, "+
				"and the plan does not show that. Nothing was changed. Plan again.", state.object(), issuedAt(key).ValueString()))}
	}
	return nil
}

// lookBack bounds the look at what a rotation has done, which must not end with the run.
const lookBack = 10 * time.Second

// afterFailedRotation tells what became of a rotation that failed. One whose answer was lost is not repeated: if it took
// effect, the value in the state is the one that the server keeps beside the newest, and another rotation would refuse at once
// everybody who uses it. No plan showed that. So the run fails, consumers go on until the retain period ends, and the next
// plan shows the further rotation.
func (s *server) afterFailedRotation(
	ctx context.Context, live rotatingAPIKeyModel, err error, private service.PrivateWriter,
) (rotatingAPIKeyModel, diag.Diagnostics) {
	if !zenmlapi.MayHaveRotated(err) {
		return live, diag.Diagnostics{s.failure("rotate", apiKeyNoun, live.object(), err)}
	}
	lost := &lostAnswer{}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookBack)
	defer cancel()
	key, readErr := s.APIKey(ctx, live.ServiceAccountID.ValueString(), live.id().ValueString())
	next := "It could not be found out whether the key was rotated. The next plan does. If it was, nobody has the new value, and the one in the state is accepted until the overlap is over."
	switch {
	case readErr != nil || !key.TellsRotation:
	case !live.rotatedElsewhere(key, lost):
		next = "The key is as it was: no rotation was found. The next apply tries again."
	default:
		if _, is := live.beside(); !is {
			live.Previous = valueForm.None() // has ended: the server keeps one
		}
		lost.Until = retained(key)
		next = "The key was rotated, and nobody has the new value. " + whatLives(key)
	}
	return live, append(lost.note(ctx, private), s.failureThen("rotate", apiKeyNoun, live.object(), err, next))
}

// whatLives tells what the value in the state is worth after a rotation whose answer was lost.
func whatLives(key *zenmlapi.APIKey) string {
	if key.RetainPeriodMinutes <= 0 {
		return "The one in the state is not accepted any more. The next apply rotates the key again."
	}
	return fmt.Sprintf("The one in the state is accepted until %s. The key was not rotated again, because that would end it at once. "+
		"The next plan shows a second key beside it: apply it well before then, so that consumers can pick up its value in time.", retained(key).Format(time.RFC3339))
}

// unproven is what follows from a next value that did not prove to be accepted.
func (s *server) unproven(ctx context.Context, now rotatingAPIKeyModel) string {
	next := "The server rotated the key in place, and cannot take that back: the new value is the current one, and is in the state. "
	if previous := credential.HeldIn(now.Previous); previous.Exists() {
		next += "The value before it is accepted until " + previous.RetiresAt.ValueString() + ". "
	}
	if owner, err := s.ServiceAccount(ctx, now.ServiceAccountID.ValueString()); err == nil && !owner.Active {
		return next + fmt.Sprintf("The service account %q is deactivated, so that no value of its keys is accepted. Activate it: there is nothing to be done about the key.", owner.Name)
	}
	return next + "Find out why a login with it fails. A changed rotate_when_changed makes another value, and ends at once the one before this."
}

func (s *server) activate(ctx context.Context, state rotatingAPIKeyModel) error {
	active := true
	return s.UpdateAPIKey(ctx, state.ServiceAccountID.ValueString(), state.id().ValueString(), zenmlapi.APIKeyUpdate{Active: &active})
}

// verifying logs in with a value.
func (s *server) verifying(value string) func(context.Context) (bool, error) {
	return func(ctx context.Context) (bool, error) { return s.Verify(ctx, value) }
}

// noteValue notes for plans when the key was read, and what was found out about it beyond its attributes.
func (s *server) noteValue(
	ctx context.Context, state rotatingAPIKeyModel, key *zenmlapi.APIKey, lost *lostAnswer, private service.PrivateWriter,
) (diags diag.Diagnostics) {
	refresh := credential.Refresh{At: s.now()}
	switch {
	case state.rotatedElsewhere(key, lost):
		refresh.Found = credential.RotatedElsewhere
	case !key.Active:
		refresh.Found = credential.Deactivated
	default:
		refresh.Found, diags = s.inspectKey(ctx, state.key())
	}
	switch {
	case !key.TellsRotation:
	case refresh.Found == credential.RotatedElsewhere:
		found := lostAnswer{Elsewhere: lost == nil || lost.Elsewhere}
		if until := retained(key); key.RetainPeriodMinutes > 0 && until.After(s.ServerNow()) {
			found.Until = until
		}
		diags.Append(found.note(ctx, private)...)
	case lost == nil:
	default:
		diags.Append((*lostAnswer)(nil).note(ctx, private)...) // it did not take effect
	}
	return append(diags, refresh.Note(ctx, private)...)
}

// lostAnswer is what private state keeps of a rotation whose answer was lost.
type lostAnswer struct {
	// Until is when the server ends the value in the state; zero if that is not known.
	Until time.Time `json:"until"`
	// Elsewhere tells that the rotation is not known to be one of ours.
	Elsewhere bool `json:"elsewhere,omitempty"`
}

const lostKey = "lost"

// note keeps it; nil is forgotten.
func (l *lostAnswer) note(ctx context.Context, private service.PrivateWriter) diag.Diagnostics {
	if l == nil {
		return private.SetKey(ctx, lostKey, nil)
	}
	return service.WriteNote(ctx, private, lostKey, l)
}

// answerLost is nil if no answer was.
func answerLost(ctx context.Context, private service.PrivateReader) (*lostAnswer, diag.Diagnostics) {
	return service.ReadNote[lostAnswer](ctx, private, lostKey, "of a lost answer")
}

// retained is until when the server accepts the value before the newest.
func retained(key *zenmlapi.APIKey) time.Time {
	if key.LastRotated == nil {
		return time.Time{}
	}
	return key.LastRotated.Add(time.Duration(key.RetainPeriodMinutes) * time.Minute)
}
