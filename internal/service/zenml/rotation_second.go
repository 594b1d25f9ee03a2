package zenml

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/machineid/terraform-provider-machineid/internal/outcome"
	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/zenml/zenmlapi"
)

// A second key that is made, and is of no use, has the name that the next try needs. This file sees to it that such a key is
// deleted before that, or that an error tells what is in the way.

// secondKey is what private state keeps of a second key that is to be deleted, because nobody has its value.
type secondKey struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Found tells that it was found where the answer to its creation was lost, and so may be somebody else's.
	Found bool `json:"found,omitempty"`
}

const secondKeyKey = "second"

// note keeps it; nil is forgotten.
func (k *secondKey) note(ctx context.Context, private service.PrivateWriter) diag.Diagnostics {
	if k == nil {
		return private.SetKey(ctx, secondKeyKey, nil)
	}
	return service.WriteNote(ctx, private, secondKeyKey, k)
}

// secondLeft is nil if there is none to be deleted.
func secondLeft(ctx context.Context, private service.PrivateReader) (*secondKey, diag.Diagnostics) {
	return service.ReadNote[secondKey](ctx, private, secondKeyKey, "of an API key to delete")
}

// warning tells that a plan deletes it, if there is one, but for what was only found, if it is wary.
func (k *secondKey) warning(wary bool) diag.Diagnostics {
	if k == nil {
		return nil
	}
	if k.Found {
		next := "Nobody has its value, unless it is somebody else's. The plan deletes it first. If it is somebody else's, give it another name, " +
			"or plan with unknown_outcome = \"stop\" in the provider block: then it is left alone."
		if wary {
			next = "It is left alone, because unknown_outcome is \"stop\" or deletion_policy is \"abandon\", and not told of again."
		}
		return diag.Diagnostics{diag.NewWarningDiagnostic("A "+apiKeyNoun+" was found where a creation was lost", fmt.Sprintf(
			"The answer to the creation of a second key was lost in an earlier run, and %s was made just then. %s", k.ID, next))}
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic("A "+apiKeyNoun+" is left to be deleted", fmt.Sprintf(
		"An earlier run made the key %s, whose value nobody has, and could not delete it. The plan deletes it first.", k.ID))}
}

// forgotten tells of it, if there is one, when the resource leaves the state: no later run knows of it.
func (k *secondKey) forgotten() diag.Diagnostics {
	if k == nil {
		return nil
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic("A "+apiKeyNoun+" is left to be deleted", fmt.Sprintf(
		"An earlier run could not delete %s. The resource leaves the state, so that no later run does it. Look whose it is, and delete it in ZenML if it is nobody's.", k.ID))}
}

// removeSecond deletes what an earlier run has left. What was only found is left alone if it has been used since, or may
// have been, or has another name.
func (s *server) removeSecond(
	ctx context.Context, state rotatingAPIKeyModel, left *secondKey, private service.PrivateWriter,
) diag.Diagnostics {
	if left == nil {
		return nil
	}
	account := state.ServiceAccountID.ValueString()
	failed := func(err error) diag.Diagnostics {
		return diag.Diagnostics{s.failureThen("delete the second", apiKeyNoun, "The key "+left.ID+" is left from an earlier run", err, "The next plan tells of it, and its apply tries again.")}
	}
	if left.Found {
		found, err := s.APIKey(ctx, account, left.ID)
		switch {
		case err != nil && !zenmlapi.IsNotFound(err):
			return failed(err)
		case err != nil, s.ledger.OnlyLists(), found.LastLogin != nil || !found.TellsUse, found.Name != left.Name:
			return (*secondKey)(nil).note(ctx, private)
		}
	}
	if err := s.remove(ctx, account, left.ID); err != nil {
		return failed(err)
	}
	return (*secondKey)(nil).note(ctx, private)
}

// noSecond tells why there is no second key. What was made is deleted, even if the run was interrupted; but not what was only
// found: no plan has shown that.
func (s *server) noSecond(
	ctx context.Context, first, plan rotatingAPIKeyModel, made *zenmlapi.APIKey, err error, private service.PrivateWriter,
) diag.Diagnostics {
	const operation = "create the second"
	switch {
	case zenmlapi.IsConflict(err) && !outcome.IsUnresolved(err):
		return s.nameTaken(ctx, operation, first, plan, err)
	case made == nil:
		return diag.Diagnostics{s.failure(operation, apiKeyNoun, plan.object(), err)}
	case outcome.IsUnresolved(err):
		// Its text alone: what becomes of what was found is told here.
		diags := diag.Diagnostics{s.failureThen(operation, apiKeyNoun, plan.object(), errors.New(err.Error()), fmt.Sprintf(
			"The answer was lost, and the key %s was made just then. It was not touched. The next plan tells of it, and its apply deletes it and tries again.", made.ID))}
		return append(diags, (&secondKey{ID: made.ID, Name: made.Name, Found: true}).note(ctx, private)...)
	}
	diags := diag.Diagnostics{s.failureThen(operation, apiKeyNoun, plan.object(), err, "What was made is of no use, so it is deleted. The next apply tries again.")}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookBack)
	defer cancel()
	if err := s.remove(ctx, first.ServiceAccountID.ValueString(), made.ID); err != nil {
		diags.Append(s.failureThen("delete the second", apiKeyNoun, "The key "+made.ID+" was made, and nobody has its value", err,
			"The next plan tells of it, and its apply deletes it first."))
		diags.Append((&secondKey{ID: made.ID, Name: made.Name}).note(ctx, private)...)
	}
	return diags
}

// nameTaken tells what has the name that a key is to have. It may be a second key that a run has made before it was killed, and
// as well somebody else's.
func (s *server) nameTaken(ctx context.Context, operation string, first, plan rotatingAPIKeyModel, conflict error) diag.Diagnostics {
	name := plan.Name.ValueString()
	next := "Delete the key that has this name in ZenML, if a run that was cut off has made it: then nobody has its value. If it is somebody else's, give one of the two another name. Then apply again."
	found, err := s.APIKeyByName(ctx, first.ServiceAccountID.ValueString(), name)
	if err == nil {
		use := "and it is not known whether it was ever used"
		switch {
		case found.LastLogin != nil:
			use = "and was last used at " + found.LastLogin.UTC().Format(time.RFC3339)
		case found.TellsUse:
			use = "and was never used"
		}
		next = fmt.Sprintf("The key %s has the name %q. It was made at %s, %s. %s", found.ID, name, found.Created.UTC().Format(time.RFC3339), use, next)
	}
	return diag.Diagnostics{s.failureThen(operation, apiKeyNoun, first.object(), conflict, next)}
}
