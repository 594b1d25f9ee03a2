package neowit

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/credential"
	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/neowit/neowitapi"
)

// rotation is what a rotation of these keys needs of the system.
func (t *tenant) rotation(of rotatingKeyModel) credential.Rotation {
	organization, account := of.OrgID.ValueString(), of.ServiceAccountID.ValueString()
	return credential.Rotation{
		Noun: serviceAccountKeyNoun, Form: keyForm, Gone: neowitapi.IsGone, Now: t.ServerNow, Wary: t.ledger.OnlyLists(),
		Make: func(ctx context.Context) (*credential.Held, error) {
			key, err := t.createKey(ctx, of.key(credential.Held{}))
			if key == nil {
				return nil, err
			}
			made := heldKey(key, credential.Held{Secret: service.TextOrNull(key.Secret)})
			return &made, err
		},
		Verify: func(ctx context.Context, held credential.Held) (bool, error) {
			return t.Verify(ctx, account, held.ID.ValueString(), held.Secret.ValueString())
		},
		Revoke: func(ctx context.Context, held credential.Held) error {
			return t.DeleteKey(ctx, organization, account, held.ID.ValueString())
		},
		Failure: func(operation string, held credential.Held, err error, next string) diag.Diagnostic {
			return t.failureThen(operation, serviceAccountKeyNoun, of.key(held).object(), err, next)
		},
	}
}

// observe finds out what became of the keys that a state holds. If a list does not show both of them as they are there, one
// read of their account tells.
func (t *tenant) observe(ctx context.Context, state rotatingKeyModel) (credential.Observed, error) {
	current, previous := credential.HeldIn(state.Current), credential.HeldIn(state.Previous)
	if t.isListed(ctx, state, current) && (!previous.Exists() || t.isListed(ctx, state, previous)) {
		t.Saved()
		return credential.Observed{Current: current, Previous: previous}, nil
	}
	wanted := map[string]time.Time{current.ID.ValueString(): service.Time(current.Created)}
	if previous.Exists() {
		wanted[previous.ID.ValueString()] = service.Time(previous.Created)
	}
	keys, err := t.Keys(ctx, state.OrgID.ValueString(), state.ServiceAccountID.ValueString(), wanted)
	if err != nil && !neowitapi.IsGone(err) {
		return credential.Observed{}, err
	}
	observed := credential.Observed{Previous: previous}
	observed.Current, observed.CurrentGone = foundKey(keys, current, err)
	if previous.Exists() {
		observed.Previous, observed.PreviousGone = foundKey(keys, previous, err)
	}
	return observed, nil
}

// isListed tells that a list shows a key as the state has it.
func (t *tenant) isListed(ctx context.Context, state rotatingKeyModel, held credential.Held) bool {
	listed, ok := t.ListedKey(ctx, state.OrgID.ValueString(), state.ServiceAccountID.ValueString(), held.ID.ValueString())
	return ok && service.Unchanged(heldKey(listed, held), held)
}

// foundKey is a key as its account shows it, or what tells that it is gone, which is accountGone if the account is.
func foundKey(keys map[string]neowitapi.Key, held credential.Held, accountGone error) (now credential.Held, gone error) {
	key, found := keys[held.ID.ValueString()]
	switch {
	case accountGone != nil:
		return held, accountGone
	case !found:
		return held, neowitapi.ErrGone
	}
	return heldKey(&key, held), nil
}

// guardRotatingKey refuses to end the resource against its deletion_policy, or while the provider uses one of its keys.
func (t *tenant) guardRotatingKey(state rotatingKeyModel, moment service.Moment, operation string, attribute path.Path) diag.Diagnostics {
	threat := service.Threat{
		Moment: moment, Operation: operation, Noun: serviceAccountKeyNoun, Object: state.object(), Attribute: attribute,
		Policy: state.DeletionPolicy, Effect: endsLogins,
	}
	return t.guard().Judge(threat, func() (string, error) {
		for _, held := range []credential.Held{credential.HeldIn(state.Current), credential.HeldIn(state.Previous)} {
			if t.isOwnKey(held.ID) {
				return "The provider uses its key " + held.ID.ValueString() + " (neowit.key_id or NEOWIT_KEY_ID).", nil
			}
		}
		return "", nil
	})
}

// isWary tells that unknown_outcome is "stop", as far as the settings are known.
func (r *rotatingKeyResource) isWary() bool {
	var undecided diag.Diagnostics
	tenant, ok := r.Client(&undecided)
	return ok && tenant.ledger.OnlyLists()
}

// leavesFound tells that the end of the resource leaves alone what was only found, as far as the settings are known.
func (r *rotatingKeyResource) leavesFound(policy types.String) bool {
	var undecided diag.Diagnostics
	tenant, ok := r.Client(&undecided)
	return ok && (tenant.ledger.OnlyLists() || tenant.guard().Abandons(policy))
}

// guardPlan judges what a plan does to the keys; while settings are unknown, apply does.
func (r *rotatingKeyResource) guardPlan(state rotatingKeyModel, operation string, attribute path.Path) diag.Diagnostics {
	var undecided diag.Diagnostics
	if tenant, ok := r.Client(&undecided); ok {
		return tenant.guardRotatingKey(state, service.AtPlan, operation, attribute)
	}
	return nil
}

// guardRetirement refuses to revoke the previous key while the provider uses it; while settings are unknown at plan, apply
// does.
func (r *rotatingKeyResource) guardRetirement(state rotatingKeyModel, moment service.Moment) diag.Diagnostics {
	var undecided diag.Diagnostics
	if tenant, ok := r.Client(&undecided); ok {
		return tenant.guardKey(state.key(credential.HeldIn(state.Previous)), moment, "revoke", path.Root("previous"))
	}
	return nil
}
