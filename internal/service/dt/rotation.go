package dt

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/credential"
	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/dt/dtapi"
)

// rotation is what a rotation of these keys needs of the system.
func (s *studio) rotation(of rotatingKeyModel) credential.Rotation {
	return credential.Rotation{
		Noun: serviceAccountKeyNoun, Form: keyForm, Gone: dtapi.IsNotFound, Now: s.ServerNow, Wary: s.ledger.OnlyLists(),
		Make: func(ctx context.Context) (*credential.Held, error) {
			key, err := s.createKey(ctx, of.ServiceAccount.ValueString())
			if key == nil {
				return nil, err
			}
			held := heldKey(key, credential.Held{Secret: service.TextOrNull(key.Secret)})
			return &held, err
		},
		Verify: func(ctx context.Context, held credential.Held) (bool, error) {
			return s.Verify(ctx, of.ServiceAccount.ValueString(), held.ID.ValueString(), held.Secret.ValueString())
		},
		Revoke: func(ctx context.Context, held credential.Held) error {
			return s.DeleteKey(ctx, of.keyName(held), service.Time(held.Created))
		},
		Failure: func(operation string, held credential.Held, err error, next string) diag.Diagnostic {
			if _, full := dtapi.AsKeyLimit(err); full {
				return s.keyNotCreated(of.key(held), err)
			}
			return s.failureThen(operation, serviceAccountKeyNoun, of.key(held).object(), err, next)
		},
	}
}

// observe reads the keys that a state holds.
func (s *studio) observe(ctx context.Context, state rotatingKeyModel) (credential.Observed, diag.Diagnostics) {
	var observed credential.Observed
	observed.Current, observed.CurrentGone = s.readHeld(ctx, state, credential.HeldIn(state.Current))
	observed.Previous, observed.PreviousGone = s.readHeld(ctx, state, credential.HeldIn(state.Previous))
	var diags diag.Diagnostics
	for _, err := range []error{observed.CurrentGone, observed.PreviousGone} {
		if err != nil && !dtapi.IsNotFound(err) {
			diags.Append(s.failure("read", serviceAccountKeyNoun, state.object(), err))
		}
	}
	return observed, diags
}

// readHeld reads one of the keys that a state holds, if it holds it.
func (s *studio) readHeld(ctx context.Context, state rotatingKeyModel, held credential.Held) (credential.Held, error) {
	if !held.Exists() {
		return held, nil
	}
	if listed, ok := s.ListedKey(ctx, state.keyName(held)); ok && service.Unchanged(heldKey(listed, held), held) {
		s.Saved()
		return held, nil
	}
	key, err := s.Key(ctx, state.keyName(held), service.Time(held.Created))
	if err != nil {
		return held, err
	}
	return heldKey(key, held), nil
}

// checkProof refuses to make a key that nobody could prove, before anything is changed.
func (s *studio) checkProof(ctx context.Context, plan rotatingKeyModel) diag.Diagnostics {
	if plan.Verify.Equal(types.BoolValue(false)) {
		return nil
	}
	err := s.CanVerify(ctx, plan.ServiceAccount.ValueString())
	if !errors.Is(err, dtapi.ErrCannotVerify) {
		return nil // whatever else is wrong, the requests that follow tell it
	}
	return diag.Diagnostics{s.failureThen("prove any", serviceAccountKeyNoun, plan.object(), err, "Nothing was changed. Set enable_basic_auth = true on that service account, "+
		"have the provider log in with dt.auth = \"oauth2\", or take new keys unproven with verify = false.")}
}

// checkRoom refuses to make a key that the account has no room for, before anything is changed. What the update revokes
// first takes no room.
func (s *studio) checkRoom(ctx context.Context, state rotatingKeyModel, step credential.Step, leftovers []credential.Leftover) diag.Diagnostics {
	keys, err := s.Keys(ctx, state.ServiceAccount.ValueString())
	if err != nil {
		return diag.Diagnostics{s.failure("count the keys beside the", serviceAccountKeyNoun, state.object(), err)}
	}
	if s.ledger.OnlyLists() { // then what was only found stays
		leftovers = slices.DeleteFunc(slices.Clone(leftovers), func(left credential.Leftover) bool { return left.Found })
	}
	stay := 0
	for _, key := range keys {
		retires := step.Retire && key.ID == credential.HeldIn(state.Previous).ID.ValueString()
		if !retires && !slices.ContainsFunc(leftovers, func(left credential.Leftover) bool { return left.ID == key.ID }) {
			stay++
		}
	}
	if stay < dtapi.MaxKeys {
		return nil
	}
	return diag.Diagnostics{s.keyNotCreated(state.key(credential.Held{}), &dtapi.KeyLimitError{Keys: keys})}
}

// isWary tells that unknown_outcome is "stop", as far as the settings are known.
func (r *rotatingKeyResource) isWary() bool {
	var undecided diag.Diagnostics
	studio, ok := r.Client(&undecided)
	return ok && studio.ledger.OnlyLists()
}

// leavesFound tells that the end of the resource leaves alone what was only found, as far as the settings are known.
func (r *rotatingKeyResource) leavesFound(policy types.String) bool {
	var undecided diag.Diagnostics
	studio, ok := r.Client(&undecided)
	return ok && (studio.ledger.OnlyLists() || studio.guard().Abandons(policy))
}

// guardPlan judges what a plan does to the keys; while settings are unknown, apply does.
func (r *rotatingKeyResource) guardPlan(state rotatingKeyModel, operation string, attribute path.Path) diag.Diagnostics {
	var undecided diag.Diagnostics
	if studio, ok := r.Client(&undecided); ok {
		return studio.guardKeys(state, service.AtPlan, operation, attribute)
	}
	return nil
}

// guardRetirement refuses to revoke the previous key while the provider uses it.
func (r *rotatingKeyResource) guardRetirement(state rotatingKeyModel, moment service.Moment) diag.Diagnostics {
	var undecided diag.Diagnostics
	if studio, ok := r.Client(&undecided); ok {
		return studio.guardKey(state.key(credential.HeldIn(state.Previous)), moment, "revoke", path.Root("previous"))
	}
	return nil
}

// guardKeys refuses to end the resource against its deletion_policy, or while the provider uses one of its keys.
func (s *studio) guardKeys(state rotatingKeyModel, moment service.Moment, operation string, attribute path.Path) diag.Diagnostics {
	threat := service.Threat{
		Moment: moment, Operation: operation, Noun: serviceAccountKeyNoun, Object: state.objects(), Attribute: attribute,
		Policy: state.DeletionPolicy, Effect: endsLogins,
	}
	return s.guard().Judge(threat, func() (string, error) {
		for _, held := range state.held() {
			if s.own.keyID == held.ID.ValueString() {
				return fmt.Sprintf("The provider uses %s (dt.key_id or DT_SERVICE_ACCOUNT_KEY_ID).", state.key(held).object()), nil
			}
		}
		return "", nil
	})
}
