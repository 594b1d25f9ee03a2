package keycard

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/credential"
	"github.com/machineid/terraform-provider-machineid/internal/outcome"
	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/keycard/keycardapi"
)

// rotation is what a rotation of these credentials needs of the system. Noted is the organization that they were in.
func (c *console) rotation(ctx context.Context, of rotatingCredentialModel, noted string) credential.Rotation {
	return credential.Rotation{
		Noun: credentialNoun, Form: credentialForm, Gone: keycardapi.IsGone, Now: c.ServerNow, Wary: c.ledger.OnlyLists(),
		Make: func(ctx context.Context) (*credential.Held, error) {
			made, err := c.createCredential(ctx, of.holding(credential.Held{}))
			if made == nil {
				return nil, err
			}
			held := heldCredential(made, credential.Held{Secret: service.TextOrNull(made.ClientSecret)})
			return &held, err
		},
		Verify: func(ctx context.Context, held credential.Held) (bool, error) {
			return c.Verify(ctx, held.ClientID.ValueString(), held.Secret.ValueString())
		},
		Revoke: func(ctx context.Context, held credential.Held) error {
			err := c.DeleteCredential(ctx, of.OrganizationID.ValueString(), of.ServiceAccountID.ValueString(), held.ID.ValueString(),
				service.Time(held.Created))
			return c.goneFrom(ctx, of.OrganizationID, noted, err)
		},
		IsUsed: func(ctx context.Context, held credential.Held) (bool, error) {
			found, err := c.Credential(ctx, of.OrganizationID.ValueString(), of.ServiceAccountID.ValueString(), held.ID.ValueString(),
				service.Time(held.Created), false)
			switch {
			case keycardapi.IsGone(err):
				return false, nil
			case err != nil:
				return false, err
			}
			return !found.LastUsedAt.IsZero(), nil
		},
		Failure: func(operation string, held credential.Held, err error, next string) diag.Diagnostic {
			switch {
			case next != "":
				return service.Failure{Operation: operation, Noun: credentialNoun, Object: of.holding(held).object(), Err: err, Next: next}.Diagnostic()
			case operation == "create" || keycardapi.IsConflict(err) && !outcome.IsUnresolved(err):
				return c.credentialNotCreated(ctx, of.holding(held), err, rotatedBeside)
			}
			return c.failure(operation, credentialNoun, of.holding(held).object(), err)
		},
	}
}

// observe reads the credentials that a state holds, and returns the model that they make: its name is that of the current
// one.
func (c *console) observe(
	ctx context.Context, state rotatingCredentialModel, noted string,
) (observed credential.Observed, now rotatingCredentialModel, diags diag.Diagnostics) {
	var current, previous credentialModel
	now = state
	current, diags, observed.CurrentGone = c.readHeld(ctx, state.holding(credential.HeldIn(state.Current)), noted)
	if diags.HasError() {
		return observed, now, diags
	}
	held := credential.HeldIn(state.Previous)
	if held.Exists() {
		previous, diags, observed.PreviousGone = c.readHeld(ctx, state.holding(held), noted)
	}
	observed.Current, observed.Previous = heldIn(current, credential.HeldIn(state.Current)), heldIn(previous, held)
	observed.Apply(&now.Rotating, credentialForm)
	now.Name, now.Description = current.Name, current.Description
	if observed.CurrentGone != nil {
		now.Name, now.Description = previous.Name, previous.Description
	}
	return observed, now, diags
}

// vanished tells what of the credentials does not exist any more.
func vanished(observed credential.Observed, state rotatingCredentialModel) diag.Diagnostics {
	return observed.Warnings(credentialNoun, func(held credential.Held) string {
		if keycardapi.IsAccountGone(observed.CurrentGone) {
			return state.holding(held).object() + ", with that account,"
		}
		return state.holding(held).object()
	})
}

// heldIn is what a credential was found to be; the rest is known to the state alone.
func heldIn(found credentialModel, prior credential.Held) credential.Held {
	prior.ClientID, prior.Created = found.ClientID, found.CreatedAt
	return prior
}

// readHeld reads one of the credentials that a state holds.
func (c *console) readHeld(ctx context.Context, held credentialModel, noted string) (now credentialModel, diags diag.Diagnostics, gone error) {
	if listed, ok := c.listedCredential(ctx, held, noted); ok {
		now = credentialState(listed, held)
		compared := now
		if held.Name.IsNull() {
			compared.Name, compared.Description = held.Name, held.Description // the state does not tell those of the previous one
		}
		if service.Unchanged(compared, held) {
			c.Saved()
			return now, nil, nil
		}
	}
	found, err := c.Credential(ctx, held.OrganizationID.ValueString(), held.ServiceAccountID.ValueString(), held.ID.ValueString(),
		service.Time(held.CreatedAt), false)
	err = c.goneFrom(ctx, held.OrganizationID, noted, err)
	switch {
	case keycardapi.IsGone(err):
		return held, nil, err
	case err != nil:
		return held, diag.Diagnostics{c.failure("read", credentialNoun, held.object(), err)}, nil
	}
	return credentialState(found, held), nil, nil
}

// renameCurrent gives the current credential its planned name and description.
func (c *console) renameCurrent(ctx context.Context, state, plan rotatingCredentialModel) diag.Diagnostics {
	current := state.holding(credential.HeldIn(state.Current))
	change := current.change(plan.holding(credential.Held{}))
	if change == (keycardapi.Change{}) {
		return nil
	}
	err := c.UpdateCredential(ctx, state.OrganizationID.ValueString(), state.ServiceAccountID.ValueString(), current.ID.ValueString(),
		service.Time(current.CreatedAt), change)
	if err != nil {
		return diag.Diagnostics{c.failure("update", credentialNoun, current.object(), err)}
	}
	return nil
}

// isWary tells that unknown_outcome is "stop", as far as the settings are known.
func (r *rotatingCredentialResource) isWary() bool {
	var undecided diag.Diagnostics
	console, ok := r.Client(&undecided)
	return ok && console.ledger.OnlyLists()
}

// leavesFound tells that the end of the resource leaves alone what was only found, as far as the settings are known.
func (r *rotatingCredentialResource) leavesFound(policy types.String) bool {
	var undecided diag.Diagnostics
	console, ok := r.Client(&undecided)
	return ok && (console.ledger.OnlyLists() || console.guard().Abandons(policy))
}

// guardPlan judges what a plan does to the credentials; while settings are unknown, apply does.
func (r *rotatingCredentialResource) guardPlan(state rotatingCredentialModel, operation string, attribute path.Path) diag.Diagnostics {
	var undecided diag.Diagnostics
	if console, ok := r.Client(&undecided); ok {
		return console.guardCredentials(state, service.AtPlan, operation, attribute)
	}
	return nil
}

// guardRetirement refuses to revoke the previous credential while the provider uses it.
func (r *rotatingCredentialResource) guardRetirement(state rotatingCredentialModel, moment service.Moment) diag.Diagnostics {
	var undecided diag.Diagnostics
	if console, ok := r.Client(&undecided); ok {
		return console.guardCredential(state.holding(credential.HeldIn(state.Previous)), moment, "revoke", path.Root("previous"))
	}
	return nil
}

// guardCredentials refuses to end the resource against its deletion_policy, or while the provider uses one of its
// credentials.
func (c *console) guardCredentials(state rotatingCredentialModel, moment service.Moment, operation string, attribute path.Path) diag.Diagnostics {
	current, previous := state.holding(credential.HeldIn(state.Current)), credential.HeldIn(state.Previous)
	threat := service.Threat{Moment: moment, Operation: operation, Object: current.object(), Attribute: attribute, Policy: state.DeletionPolicy}
	if !previous.Exists() {
		return c.guardLogins(threat, "It is", current.ClientID)
	}
	threat.Object += fmt.Sprintf(" (previous: %s)", previous.ID.ValueString())
	return c.guardLogins(threat, "One of them is", current.ClientID, previous.ClientID)
}
