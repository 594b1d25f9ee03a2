package neowit

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/neowit/neowitapi"
)

// own is what the provider's way in depends on, as far as the settings tell. Of an access token they tell nothing.
type own struct {
	// guard is what the settings say about changes that end something.
	guard service.Guard
	// keyID is the key that the provider uses; "" with an access token.
	keyID string

	// account is the account that the key belongs to: as configured, or with Basic auth as it was found.
	mu      sync.Mutex
	account string
}

// The effects that a change can have on the provider.
const (
	endsLogins  = "end every login with it, and may end this run's own at once"
	takesLogins = "take its keys along, end every login with them, and may end this run's own at once"
	refusesPair = "have every further request refused, because the provider sends key id and secret with each"
)

func (t *tenant) guard() service.Guard {
	guard := t.own.guard
	guard.Advice = t.advice
	return guard
}

// guardKey refuses a change to the key that the provider uses.
func (t *tenant) guardKey(state serviceAccountKeyModel, moment service.Moment, operation string, attribute path.Path) diag.Diagnostics {
	threat := service.Threat{
		Moment: moment, Operation: operation, Noun: serviceAccountKeyNoun, Object: state.object(), Attribute: attribute,
		Policy: state.DeletionPolicy, Effect: endsLogins,
	}
	return t.guard().Judge(threat, func() (string, error) {
		if !t.isOwnKey(state.KeyID) {
			return "", nil
		}
		return "It is the key that the provider uses (neowit.key_id or NEOWIT_KEY_ID).", nil
	})
}

func (t *tenant) isOwnKey(id types.String) bool {
	return t.own.keyID != "" && t.own.keyID == id.ValueString()
}

// guardAccount refuses a change to the service account whose key the provider uses.
func (t *tenant) guardAccount(
	ctx context.Context, state serviceAccountModel, moment service.Moment, operation string, attribute path.Path, effect string,
) diag.Diagnostics {
	threat := service.Threat{
		Moment: moment, Operation: operation, Noun: serviceAccountNoun, Object: state.object(), Attribute: attribute,
		Policy: state.DeletionPolicy, Effect: effect,
	}
	return t.guard().Judge(threat, func() (string, error) {
		found, err := t.hasOwnKey(ctx, state.OrgID.ValueString(), state.ID.ValueString())
		switch {
		case err != nil || !found:
			return "", err
		case t.wayIn == authBasic:
			return "The key that the provider uses (neowit.key_id or NEOWIT_KEY_ID) belongs to this service account.", nil
		}
		return "The provider logs in as this service account (neowit.service_account_id or NEOWIT_SERVICE_ACCOUNT_ID).", nil
	})
}

// guardBasicAuth refuses to switch off Basic auth of the service account while the provider uses it.
func (t *tenant) guardBasicAuth(ctx context.Context, state, plan serviceAccountModel, moment service.Moment) diag.Diagnostics {
	// Every update sends it, so one that is about the name switches it off too, if the state does not know that it is on.
	// A value that is unknown at plan is judged at apply.
	sendsOff := !plan.EnableBasicAuth.IsUnknown() && !plan.EnableBasicAuth.ValueBool() && plan.fields() != state.fields()
	if t.wayIn != authBasic || !sendsOff {
		return nil
	}
	return t.guardAccount(ctx, state, moment, "switch off Basic auth of", path.Root("enable_basic_auth"), refusesPair)
}

// hasOwnKey tells whether the provider's key belongs to an account. With Basic auth the settings do not tell, so it is
// looked for in the account, as long as it was not found in another.
func (t *tenant) hasOwnKey(ctx context.Context, organization, account string) (bool, error) {
	t.own.mu.Lock()
	defer t.own.mu.Unlock()
	if t.wayIn == authBasic && t.own.account == "" {
		read, err := t.ServiceAccount(ctx, organization, account, time.Time{})
		if neowitapi.IsGone(err) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		if slices.ContainsFunc(read.Keys, func(key neowitapi.Key) bool { return key.ID == t.own.keyID }) {
			t.own.account = account
		}
	}
	return t.own.account == account, nil
}

// guardPlan judges what a plan does to a key; while settings are unknown, apply does.
func (r *serviceAccountKeyResource) guardPlan(state serviceAccountKeyModel, operation string, attribute path.Path) diag.Diagnostics {
	var undecided diag.Diagnostics
	if tenant, ok := r.Client(&undecided); ok {
		return tenant.guardKey(state, service.AtPlan, operation, attribute)
	}
	return nil
}

// guardPlan judges the deletion or replacement of an account; while settings are unknown, apply does.
func (r *serviceAccountResource) guardPlan(ctx context.Context, state serviceAccountModel, operation string, attribute path.Path) diag.Diagnostics {
	var undecided diag.Diagnostics
	if tenant, ok := r.Client(&undecided); ok {
		return tenant.guardAccount(ctx, state, service.AtPlan, operation, attribute, takesLogins)
	}
	return nil
}

// guardPlannedBasicAuth judges what a plan does to an account's Basic auth; while settings are unknown, apply does.
func (r *serviceAccountResource) guardPlannedBasicAuth(ctx context.Context, state, plan serviceAccountModel) diag.Diagnostics {
	var undecided diag.Diagnostics
	if tenant, ok := r.Client(&undecided); ok {
		return tenant.guardBasicAuth(ctx, state, plan, service.AtPlan)
	}
	return nil
}
