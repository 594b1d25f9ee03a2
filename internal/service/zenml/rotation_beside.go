package zenml

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/credential"
	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/zenml/zenmlapi"
)

// After a rotation whose answer was lost, the value that consumers use is the one that the server keeps beside the newest, and
// nobody knows the newest. Any rotation in place would refuse them. So a second key takes over: the first one steps aside, with
// another name, and is deleted when the server has ended the value.

// beside is the previous value if it is that of another key than the current one.
func (m rotatingAPIKeyModel) beside() (previous rotatingAPIKeyModel, is bool) {
	held := credential.HeldIn(m.Previous)
	if !held.Exists() || held.ID.Equal(m.id()) {
		return m, false
	}
	held.RetiresAt = types.StringNull()
	previous = m
	previous.Current, previous.Previous = valueForm.Current(held), valueForm.None()
	return previous, true
}

// asideName is the name of a key that steps aside; the name is needed for the one that takes over.
func asideName(name, id string) string {
	suffix := " (retiring " + id[:8] + ")"
	letters := []rune(name)
	return string(letters[:min(len(letters), maxName-len(suffix))]) + suffix
}

// turnBeside makes a second key that takes over, and returns what is true from then on, with its value.
func (s *server) turnBeside(
	ctx context.Context, live, plan rotatingAPIKeyModel, lost *lostAnswer, private service.PrivateWriter,
) (now rotatingAPIKeyModel, value string, diags diag.Diagnostics) {
	account, id := live.ServiceAccountID.ValueString(), live.id().ValueString()
	aside := asideName(plan.Name.ValueString(), id)
	if err := s.UpdateAPIKey(ctx, account, id, zenmlapi.APIKeyUpdate{Name: &aside}); err != nil {
		return live, "", diag.Diagnostics{s.failure("set aside", apiKeyNoun, live.object(), err)}
	}
	live.Name = types.StringValue(aside)
	key, err := s.createKey(ctx, plan.key())
	if err != nil {
		return live, "", s.noSecond(ctx, live, plan, key, err, private)
	}
	retiring, diags := plan.SealRetiring(ctx, credential.HeldIn(live.Current))
	retiring.RetiresAt = service.TimeValue(lost.Until)
	turned := plan
	made, more := plan.SealHeld(ctx, credential.Held{ID: types.StringValue(key.ID), Secret: types.StringValue(key.Key), Created: issuedAt(key)})
	turned.Current = valueForm.Current(made)
	turned.Previous = valueForm.Previous(retiring)
	turned.RotationDueAt = turned.DueAt(turned.subject())
	return turned, key.Key, append(append(diags, more...), (*lostAnswer)(nil).note(ctx, private)...)
}

// remove deletes a key that may be gone already.
func (s *server) remove(ctx context.Context, account, id string) error {
	if err := s.DeleteAPIKey(ctx, account, id); err != nil && !zenmlapi.IsNotFound(err) {
		return err
	}
	return nil
}

// removeBeside deletes the key of the previous value, if that has one of its own.
func (s *server) removeBeside(ctx context.Context, state rotatingAPIKeyModel) diag.Diagnostics {
	previous, is := state.beside()
	if !is {
		return nil
	}
	if err := s.remove(ctx, state.ServiceAccountID.ValueString(), previous.id().ValueString()); err != nil {
		return diag.Diagnostics{s.failure("delete the previous", apiKeyNoun, previous.object(), err)}
	}
	return nil
}

// readBeside looks for the key of the previous value, if that has one of its own. If it is all that is left, for current is
// nil, it is the current one again.
func (s *server) readBeside(
	ctx context.Context, state rotatingAPIKeyModel, current *zenmlapi.APIKey,
) (now rotatingAPIKeyModel, key *zenmlapi.APIKey, diags diag.Diagnostics) {
	previous, is := state.beside()
	if !is {
		return state, current, nil
	}
	found, err := s.APIKey(ctx, state.ServiceAccountID.ValueString(), previous.id().ValueString())
	if zenmlapi.IsNotFound(err) {
		state.Previous = valueForm.None()
		return state, current, diag.Diagnostics{service.Vanished("Previous "+apiKeyNoun, previous.object(), err)}
	}
	if err != nil {
		return state, current, diag.Diagnostics{s.failure("read the previous", apiKeyNoun, previous.object(), err)}
	}
	if current != nil {
		return state, current, nil
	}
	diags.AddWarning(apiKeyNoun+" was deleted outside Terraform", fmt.Sprintf(
		"The %s no longer exists. The one before it, %s, does, and is the current one again.%s", state.object(), previous.id().ValueString(),
		credential.NotRetired(credential.HeldIn(state.Previous))))
	return previous, found, diags
}

// isWary tells that unknown_outcome is "stop", as far as the settings are known.
func (r *rotatingAPIKeyResource) isWary() bool {
	var undecided diag.Diagnostics
	server, ok := r.Client(&undecided)
	return ok && server.ledger.OnlyLists()
}

// leavesFound tells that the end of the resource leaves alone what was only found, as far as the settings are known.
func (r *rotatingAPIKeyResource) leavesFound(policy types.String) bool {
	var undecided diag.Diagnostics
	server, ok := r.Client(&undecided)
	return ok && (server.ledger.OnlyLists() || server.guard().Abandons(policy))
}

// guardPlan judges what a plan does; while settings are unknown, apply does.
func (r *rotatingAPIKeyResource) guardPlan(judge func(*server) diag.Diagnostics) diag.Diagnostics {
	var undecided diag.Diagnostics
	if server, ok := r.Client(&undecided); ok {
		return judge(server)
	}
	return nil
}

// guardEnd refuses to end the resource against its deletion_policy, or what the provider logs in with.
func (s *server) guardEnd(state rotatingAPIKeyModel, moment service.Moment, operation string, attribute path.Path) diag.Diagnostics {
	diags := s.guardKey(state.key(), moment, operation, attribute)
	if previous, is := state.beside(); is && len(diags) == 0 {
		diags.Append(s.guardKey(previous.key(), moment, operation, attribute)...)
	}
	return diags
}

// guardStep refuses to change or to delete what the provider logs in with.
func (s *server) guardStep(state rotatingAPIKeyModel, step valueStep, moment service.Moment) (diags diag.Diagnostics) {
	if step.Rotate {
		diags.Append(s.guardKey(state.key(), moment, changeValue, path.Root("current"))...)
	}
	if previous, is := state.beside(); is && step.Retire {
		diags.Append(s.guardKey(previous.key(), moment, "revoke", path.Root("previous"))...)
	}
	return diags
}
