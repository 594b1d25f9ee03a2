package zenml

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/credential"
	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/zenml/zenmlapi"
)

// own is what the provider's way in depends on, as far as the settings tell.
type own struct {
	// guard is what the settings say about changes that end something.
	guard service.Guard
	// keyID and keyText are the API key that the provider logs in with; "" where it is not known, or another way in.
	keyID, keyText string

	// caller is who the server says that the provider is, once it was asked. The lock is held while it is, so that many
	// changes at once bring one request.
	mu     sync.Mutex
	caller *zenmlapi.Caller
}

// The effects that a change can have on the provider.
const (
	endsLogins  = "end every login with it at once, those of this run included"
	takesLogins = "end every login as it at once, those of this run included, and its API keys with them"
)

// byKey and byAccount tell how a way in depends on an object.
const (
	byKey     = "It is the API key that the provider logs in with (zenml.api_key or ZENML_API_KEY, or zenml.api_token or ZENML_API_TOKEN)."
	byAccount = "It is the service account that the provider logs in as, by the server's own words."
)

func (s *server) guard() service.Guard {
	guard := s.own.guard
	guard.Advice = s.advice
	return guard
}

// guardKey refuses a change to the API key that the provider logs in with.
func (s *server) guardKey(state apiKeyModel, moment service.Moment, operation string, attribute path.Path) diag.Diagnostics {
	threat := service.Threat{
		Moment: moment, Operation: operation, Noun: apiKeyNoun, Object: state.object(), Attribute: attribute,
		Policy: state.DeletionPolicy, Effect: endsLogins,
	}
	return s.guard().Judge(threat, func() (string, error) {
		sameID := s.own.keyID != "" && s.own.keyID == state.ID.ValueString()
		sameText := s.own.keyText != "" && s.own.keyText == state.Key.ValueString()
		if sameID || sameText {
			return byKey, nil
		}
		return "", nil
	})
}

// guardAccount refuses a change to the service account that the provider logs in as.
func (s *server) guardAccount(
	ctx context.Context, state serviceAccountModel, moment service.Moment, operation string, attribute path.Path,
) diag.Diagnostics {
	threat := service.Threat{
		Moment: moment, Operation: operation, Noun: serviceAccountNoun, Object: state.object(), Attribute: attribute,
		Policy: state.DeletionPolicy, Effect: takesLogins,
	}
	return s.guard().Judge(threat, func() (string, error) {
		caller, err := s.whoCalls(ctx)
		if err != nil || !caller.IsServiceAccount || caller.ID != state.ID.ValueString() {
			return "", err
		}
		return byAccount, nil
	})
}

// whoCalls asks the server, once, as whom the provider is logged in. A password is always that of a user.
func (s *server) whoCalls(ctx context.Context) (zenmlapi.Caller, error) {
	if s.wayIn == wayUser {
		return zenmlapi.Caller{}, nil
	}
	s.own.mu.Lock()
	defer s.own.mu.Unlock()
	if s.own.caller == nil {
		caller, err := s.CurrentUser(ctx)
		if err != nil {
			return zenmlapi.Caller{}, err
		}
		s.own.caller = caller
	}
	return *s.own.caller, nil
}

// guardPlan judges what a plan does to a key; while settings are unknown, apply does.
func (r *apiKeyResource) guardPlan(state apiKeyModel, operation string, attribute path.Path) diag.Diagnostics {
	var undecided diag.Diagnostics
	if server, ok := r.Client(&undecided); ok {
		return server.guardKey(state, service.AtPlan, operation, attribute)
	}
	return nil
}

// guardName refuses a replacement that leaves the key in the system with the name that the next one needs.
func (r *apiKeyResource) guardName(state, plan apiKeyModel, attribute path.Path) diag.Diagnostics {
	var undecided diag.Diagnostics
	server, ok := r.Client(&undecided)
	if !ok || server.adoptExisting || !server.guard().Abandons(state.DeletionPolicy) ||
		!plan.Name.Equal(state.Name) || !plan.ServiceAccountID.Equal(state.ServiceAccountID) {
		return nil
	}
	return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(attribute, "Refused to replace "+apiKeyNoun, fmt.Sprintf(
		"The %s would stay in ZenML, because deletion_policy is %q, and keep its name, which the next key needs: names are unique in an account. "+
			"Nothing was changed.\n\nSet deletion_policy = %q and apply that first, or give the next key another name.",
		state.object(), service.AbandonObject, service.DeleteObject))}
}

// guardPlan judges what a plan does to an account; while settings are unknown, apply does.
func (r *serviceAccountResource) guardPlan(ctx context.Context, state serviceAccountModel, operation string, attribute path.Path) diag.Diagnostics {
	var undecided diag.Diagnostics
	if server, ok := r.Client(&undecided); ok {
		return server.guardAccount(ctx, state, service.AtPlan, operation, attribute)
	}
	return nil
}

// deactivates tells that a plan switches off what is on. A value that is unknown at plan is judged at apply.
func deactivates(state, plan types.Bool) bool {
	return state.ValueBool() && !plan.IsUnknown() && !plan.ValueBool()
}

// guardUse refuses to delete a key that was used of late, if the state says so.
func (s *server) guardUse(ctx context.Context, state apiKeyModel) diag.Diagnostics {
	if state.KeepIfUsedWithin.IsNull() {
		return nil
	}
	key, err := s.APIKey(ctx, state.ServiceAccountID.ValueString(), state.ID.ValueString())
	switch {
	case zenmlapi.IsNotFound(err):
		return nil
	case err != nil:
		return diag.Diagnostics{s.failure("read the last use of", apiKeyNoun, state.object(), err)}
	}
	var lastUse *time.Time
	switch {
	case key.LastLogin != nil:
		lastUse = &key.LastLogin.Time
	case key.TellsUse:
		lastUse = &time.Time{}
	}
	refused := credential.RefuseUsed(state.KeepIfUsedWithin, apiKeyNoun, state.object(), lastUse, s.ServerNow())
	for i, one := range refused {
		refused[i] = diag.NewErrorDiagnostic(one.Summary(), one.Detail()+"\n\n"+rotateInPlace)
	}
	return refused
}

// rotateInPlace is what to do about a key that is to be replaced and cannot be, as long as there is only one of its name.
const rotateInPlace = "In ZenML, create_before_destroy needs a name that changes with each replacement, because names are unique within a service account. " +
	"A key that is to be rotated while it is in use is one for machineid_zenml_rotating_api_key, which gives it a new value and keeps the one before it for a while."

// warnOfUse tells of a rotation by age that fails as long as the key is in use: what keeps it from being deleted first also
// keeps it from being replaced, unless the new one has another name.
func warnOfUse(state, plan apiKeyModel, due path.Paths) (diags diag.Diagnostics) {
	if state.KeepIfUsedWithin.IsNull() || !due.Contains(path.Root("rotation_due_at")) || !plan.Name.Equal(state.Name) {
		return nil
	}
	diags.AddAttributeWarning(path.Root("keep_if_used_within"), "A "+apiKeyNoun+" that is in use is not rotated", fmt.Sprintf(
		"The plan replaces the %s because of its age, and the apply fails if it was used within %q. %s",
		state.object(), state.KeepIfUsedWithin.ValueString(), rotateInPlace))
	return diags
}
