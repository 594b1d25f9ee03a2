package keycard

import (
	"context"
	"slices"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/credential"
	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/keycard/keycardapi"
)

// own is what the provider's way in depends on.
type own struct {
	// guard is what the settings say about changes that end something.
	guard service.Guard
	// clientID is that of the credential that the provider uses.
	clientID string

	// account is the id of the account that the credential belongs to, once it was looked for and found.
	account atomic.Value
}

func (c *console) guard() service.Guard {
	guard := c.own.guard
	guard.Advice = advice
	return guard
}

// guardCredential refuses a change to the credential that the provider uses.
func (c *console) guardCredential(state credentialModel, moment service.Moment, operation string, attribute path.Path) diag.Diagnostics {
	threat := service.Threat{Moment: moment, Operation: operation, Object: state.object(), Attribute: attribute, Policy: state.DeletionPolicy}
	return c.guardLogins(threat, "It is", state.ClientID)
}

// guardLogins refuses a change that ends logins by one of these client ids if the provider uses one of them. Is begins the
// sentence that says so.
func (c *console) guardLogins(threat service.Threat, is string, clientIDs ...types.String) diag.Diagnostics {
	threat.Noun, threat.Effect = credentialNoun, "end every login with it, and may end this run's own at once"
	return c.guard().Judge(threat, func() (string, error) {
		if !slices.Contains(clientIDs, types.StringValue(c.own.clientID)) {
			return "", nil
		}
		return is + " the credential that the provider uses (keycard.client_id or KEYCARD_CLIENT_ID).", nil
	})
}

// guardAccount refuses a change to the service account whose credential the provider uses.
func (c *console) guardAccount(
	ctx context.Context, state serviceAccountModel, moment service.Moment, operation string, attribute path.Path,
) diag.Diagnostics {
	threat := service.Threat{
		Moment: moment, Operation: operation, Noun: serviceAccountNoun, Object: state.object(), Attribute: attribute,
		Policy: state.DeletionPolicy,
		Effect: "take its credentials along, end every login with them, and may end this run's own at once",
	}
	return c.guard().Judge(threat, func() (string, error) {
		found, err := c.hasOwnCredential(ctx, state.OrganizationID.ValueString(), state.ID.ValueString())
		if err != nil || !found {
			return "", err
		}
		return "The credential that the provider uses (keycard.client_id or KEYCARD_CLIENT_ID) belongs to this service account.", nil
	})
}

// hasOwnCredential looks for the provider's credential in a service account, as long as it was not found in another.
func (c *console) hasOwnCredential(ctx context.Context, organization, account string) (bool, error) {
	if found := c.own.account.Load(); found != nil {
		return found == account, nil
	}
	credentials, err := c.Credentials(ctx, organization, account, false)
	if keycardapi.IsGone(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	for _, listed := range credentials.Items {
		if listed.ClientID == c.own.clientID {
			c.own.account.Store(account)
			return true, nil
		}
	}
	return false, nil
}

// guardPlan judges what a plan does to a credential; while settings are unknown, apply does.
func (r *credentialResource) guardPlan(state credentialModel, operation string, attribute path.Path) diag.Diagnostics {
	var undecided diag.Diagnostics
	if console, ok := r.Client(&undecided); ok {
		return console.guardCredential(state, service.AtPlan, operation, attribute)
	}
	return nil
}

// guardPlan judges the deletion or replacement of an account; while settings are unknown, apply does.
func (r *serviceAccountResource) guardPlan(ctx context.Context, state serviceAccountModel, operation string, attribute path.Path) diag.Diagnostics {
	var undecided diag.Diagnostics
	if console, ok := r.Client(&undecided); ok {
		return console.guardAccount(ctx, state, service.AtPlan, operation, attribute)
	}
	return nil
}

// guardUse refuses to delete a credential that was used of late, if the state says so.
func (c *console) guardUse(ctx context.Context, state credentialModel) diag.Diagnostics {
	if state.KeepIfUsedWithin.IsNull() {
		return nil
	}
	found, err := c.Credential(ctx, state.OrganizationID.ValueString(), state.ServiceAccountID.ValueString(), state.ID.ValueString(),
		service.Time(state.CreatedAt), false)
	switch {
	case keycardapi.IsGone(err):
		return nil
	case err != nil:
		return diag.Diagnostics{c.failure("read the last use of", credentialNoun, state.object(), err)}
	}
	return credential.RefuseUsed(state.KeepIfUsedWithin, credentialNoun, state.object(), &found.LastUsedAt, c.ServerNow())
}
