package zenml

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/machineid/terraform-provider-machineid/internal/outcome"
	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/zenml/zenmlapi"
)

// adopts tells whether a failed creation is to take over what has the name. A mere find is never enough: the server must
// have refused the name, and not to a repeat of our own request.
func (s *server) adopts(err error) bool {
	return s.adoptExisting && zenmlapi.IsConflict(err) && !outcome.IsUnresolved(err)
}

// adoptAccount takes over the service account that has the name of a new one, and gives it the planned values.
func (s *server) adoptAccount(ctx context.Context, plan serviceAccountModel, conflict error) (*zenmlapi.ServiceAccount, diag.Diagnostics) {
	failed := func(err error) diag.Diagnostics {
		return diag.Diagnostics{s.failure("adopt", serviceAccountNoun, plan.object(), err)}
	}
	found, err := s.ServiceAccountByName(ctx, plan.Name.ValueString())
	if errors.Is(err, zenmlapi.ErrNoSuchName) {
		return nil, diag.Diagnostics{unseen(serviceAccountNoun, plan.object(), conflict)}
	}
	if err != nil {
		return nil, failed(err)
	}
	state := serviceAccountState(found, plan)
	if deactivates(state.Active, plan.Active) {
		if diags := s.guardAccount(ctx, state, service.AtApply, "deactivate", path.Root("active")); diags.HasError() {
			return nil, diags
		}
	}
	if update := plan.update(state); update != (zenmlapi.ServiceAccountUpdate{}) {
		if err := s.UpdateServiceAccount(ctx, found.ID, update); err != nil {
			return nil, failed(err)
		}
		if found, err = s.ServiceAccount(ctx, found.ID); err != nil {
			return nil, failed(err)
		}
	}
	return found, diag.Diagnostics{service.Adopted(serviceAccountNoun, state.object(), "")}
}

// adoptKey takes over the API key that has the name of a new one, by rotation: its secret is known to nobody here. A key
// that was ever used is somebody's. The planned values are set first, so that a failure there ends no secret; only what
// would let an old secret in again waits until there is a new one.
func (s *server) adoptKey(ctx context.Context, plan apiKeyModel, conflict error) (*zenmlapi.APIKey, diag.Diagnostics) {
	account := plan.ServiceAccountID.ValueString()
	found, err := s.APIKeyByName(ctx, account, plan.Name.ValueString())
	if errors.Is(err, zenmlapi.ErrNoSuchName) {
		return nil, diag.Diagnostics{unseen(apiKeyNoun, plan.object(), conflict)}
	}
	if err != nil {
		return nil, diag.Diagnostics{s.failure("adopt", apiKeyNoun, plan.object(), err)}
	}
	object := apiKeyState(found, plan).object()
	if !found.TellsUse || found.LastLogin != nil {
		return nil, diag.Diagnostics{mayBeUsed(object, account, found)}
	}
	update := plan.update(apiKeyState(found, plan))
	if !found.Active {
		update.Active = nil
	}
	if update != (zenmlapi.APIKeyUpdate{}) {
		if err := s.UpdateAPIKey(ctx, account, found.ID, update); err != nil {
			return nil, diag.Diagnostics{s.failure("adopt", apiKeyNoun, object+" exists already, and could not be changed to what is planned. "+
				"It is not in the state, and its secret was not touched", err)}
		}
	}
	rotated, err := s.RotateAPIKey(ctx, account, found.ID, 0)
	if err != nil {
		return nil, diag.Diagnostics{s.notRotated(object, err)}
	}
	adopted := *found
	adopted.Key, adopted.LastRotated, adopted.TellsRotation = rotated.Key, rotated.LastRotated, true
	if update.Description != nil {
		adopted.Description = *update.Description
	}
	if update.Active != nil {
		adopted.Active = *update.Active
	}
	return &adopted, diag.Diagnostics{service.Adopted(apiKeyNoun, object, " by rotation: any earlier secret of it has ended")}
}

// mayBeUsed refuses to adopt a key that was used, or of which that is not known.
func mayBeUsed(object, account string, found *zenmlapi.APIKey) diag.Diagnostic {
	use := "but the server does not tell whether it was ever used"
	if found.LastLogin != nil {
		use = "and was used at " + found.LastLogin.UTC().Format(time.RFC3339)
	}
	return diag.NewErrorDiagnostic("Cannot adopt "+apiKeyNoun,
		fmt.Sprintf("The %s has the name that the new key is to have, %s. A key is adopted by rotation, which would end it for whoever uses it, "+
			"so only one that was never used is. To manage this one here, import it:\n\n%s\n\n"+
			"An imported key has no secret in state until it is replaced. Otherwise choose another name.",
			object, use, service.ImportCommands(account+"/"+found.ID)))
}

// notRotated describes a rotation that failed, and what it may have done.
func (s *server) notRotated(object string, err error) diag.Diagnostic {
	next := s.advice(err)
	if zenmlapi.MayHaveRotated(err) {
		next = "It was to be rotated, so any earlier secret of it may have ended, and nobody has the new one. It is not in the state. " +
			"Apply again with adopt_existing: as long as nobody has used it, it is rotated once more."
	}
	return service.Failure{Operation: "adopt", Noun: apiKeyNoun, Object: object, Err: err, Next: next}.Diagnostic()
}

// guardAdopted refuses to delete a key that was rotated after it came into the state: where keys are adopted, another
// configuration may have done so, and the key is its by now. Without a note, only a key that was never rotated can be
// told to be nobody else's: Terraform drops the note of a tainted key that it replaces, and last_rotated in the state is
// what the latest refresh has found.
func (s *server) guardAdopted(ctx context.Context, state apiKeyModel, known *issue) diag.Diagnostics {
	if !s.adoptExisting {
		return nil
	}
	found, err := s.APIKey(ctx, state.ServiceAccountID.ValueString(), state.ID.ValueString())
	switch {
	case zenmlapi.IsNotFound(err):
		return nil
	case err != nil:
		return diag.Diagnostics{s.failure("delete", apiKeyNoun, state.object(), err)}
	}
	rotated := timeValue(found.LastRotated).ValueString()
	expected := ""
	if known != nil {
		expected = known.LastRotated
	}
	why := fmt.Sprintf("The %s was rotated at %s, after it came into this state.", state.object(), rotated)
	switch {
	case !found.TellsRotation:
		why = fmt.Sprintf("The server does not tell whether the %s was rotated after it came into this state.", state.object())
	case rotated == "" || rotated == expected:
		return nil
	case known == nil:
		why = fmt.Sprintf("The %s was rotated at %s, and it is not known any more whether it came into this state before that or after it: "+
			"what the provider noted about a key is lost when it is tainted and replaced.", state.object(), rotated)
	}
	return diag.Diagnostics{diag.NewErrorDiagnostic("Refused to delete "+apiKeyNoun,
		why+" Because adopt_existing is set, another configuration may have adopted it. Nothing was changed. "+
			"If it is not yours any more, take it out of the state (terraform state rm). If it is, unset adopt_existing for this apply.")}
}
