package neowit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/machineid/terraform-provider-machineid/internal/outcome"
	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/neowit/neowitapi"
)

// failure describes a failed call with the advice that this system's errors call for.
func (t *tenant) failure(operation, noun, object string, err error) diag.Diagnostic {
	return service.Failure{Operation: operation, Noun: noun, Object: object, Err: err, Next: t.advice(err)}.Diagnostic()
}

// failureThen is [tenant.failure] with the next step where the operation decides it; "" takes the advice.
func (t *tenant) failureThen(operation, noun, object string, err error, next string) diag.Diagnostic {
	return service.Failure{Operation: operation, Noun: noun, Object: object, Err: err, Next: cmp.Or(next, t.advice(err))}.Diagnostic()
}

// advice is the next step where it differs from what the status alone suggests; "" otherwise.
func (t *tenant) advice(err error) string {
	var unchanged *neowitapi.UnchangedError
	skew, skewed := neowitapi.ClockSkew(err)
	switch {
	case errors.Is(err, neowitapi.ErrNotVisibleYet):
		return "It was made some seconds ago, and may not be visible everywhere yet. Nothing was concluded. Run again in a moment."
	case errors.Is(err, neowitapi.ErrNoUpdate):
		return "Change it in the Neowit app, or replace the account (terraform apply -replace=...): that makes a new id, and ends its keys."
	case errors.As(err, &unchanged):
		return "Change it in the Neowit app, and ask Neowit how the API does it."
	case errors.Is(err, neowitapi.ErrIncompleteList):
		return "It is not on the first page, so nothing is concluded. Ask Neowit for the paging of this list, and report it to this provider. " +
			"If the app shows that it is gone, terraform state rm takes it out of the state."
	case errors.Is(err, neowitapi.ErrUnreadable), errors.Is(err, neowitapi.ErrUnclear):
		return "A missing account, a missing route and a wrong address are answered alike here, and there is no list that tells, so nothing is concluded. " +
			"Check neowit.base_url (NEOWIT_BASE_URL): it must be the address of the API, with /api. If it is right, look in the Neowit app: what is gone there is taken " +
			"out of the state by terraform state rm, and what the API cannot do is done there."
	case neowitapi.IsLoginRefused(err) && skewed:
		return fmt.Sprintf("The login failed, nothing else was sent. The clock of this machine is %s the server's, and a login is only valid around its own time: "+
			"set the clock, then run again.", service.ClockOffset(skew))
	case neowitapi.IsLoginRefused(err):
		return "The login failed, nothing else was sent. Check that neowit.secret is that of neowit.key_id, that the key still exists, and that neowit.service_account_id is the " +
			"account that it belongs to (NEOWIT_SECRET, NEOWIT_KEY_ID, NEOWIT_SERVICE_ACCOUNT_ID). Behind a proxy, set neowit.token_audience (NEOWIT_TOKEN_AUDIENCE) too."
	case neowitapi.IsLogin(err):
		return "The login got no answer that could be used, and nothing else was sent. Check neowit.base_url (NEOWIT_BASE_URL), and that it can be reached from here."
	case neowitapi.IsUnauthorized(err) && t.wayIn == wayAccessToken:
		return "The server does not accept neowit.access_token (NEOWIT_ACCESS_TOKEN). Such tokens live an hour: get a new one, or configure the key of a service account, " +
			"which the provider logs in with as often as needed."
	case neowitapi.IsUnauthorized(err) && t.wayIn == authBasic:
		return "The provider sends key id and secret with each request (neowit.auth is \"basic\"). That is accepted only for a service account that has Basic auth enabled, and only " +
			"while the key exists. Enable it, or set neowit.service_account_id and take neowit.auth = \"oauth2\". Otherwise check neowit.key_id and neowit.secret."
	case neowitapi.IsForbidden(err):
		return "Service accounts and their keys may be managed by administrators of the organization, and by its service accounts. A service account acts in its own " +
			"organization and the children of that: check org_id, and as whom the provider logs in."
	}
	return ""
}

// accountNotCreated explains a failed creation; that of a name which is taken, with how to import who has it.
func (t *tenant) accountNotCreated(ctx context.Context, plan serviceAccountModel, err error) diag.Diagnostic {
	if !neowitapi.IsConflict(err) || outcome.IsUnresolved(err) {
		return t.failure("create", serviceAccountNoun, plan.object(), err)
	}
	organization := plan.OrgID.ValueString()
	accounts, listErr := t.ServiceAccounts(ctx, organization)
	var ids []string
	for _, account := range accounts {
		if listErr == nil && account.Name == plan.Name.ValueString() {
			ids = append(ids, account.ID)
		}
	}
	advice := "A service account of this name exists already. To manage it here, import it:"
	if len(ids) > 1 {
		advice = fmt.Sprintf("%d service accounts have this name already. To manage one of them here, import it (machineid_neowit_service_accounts tells when each was made):", len(ids))
	}
	if len(ids) == 0 {
		ids = []string{service.UnknownID}
	}
	for i := range ids {
		if organization != "" {
			ids[i] = organization + "/" + ids[i]
		}
	}
	return service.Failure{
		Operation: "create", Noun: serviceAccountNoun, Object: plan.object(), Err: err,
		Next: advice + "\n\n" + service.ImportCommands(ids...) + "\n\nOtherwise choose another name.",
	}.Diagnostic()
}

// unreadable tells that a refresh has learned nothing.
func unreadable(noun, object string) diag.Diagnostic {
	return diag.NewWarningDiagnostic("Drift of a "+noun+" is not detected",
		fmt.Sprintf("This Neowit server offers no list of service accounts, and answered as it does for a missing account and for a missing route alike. "+
			"So nothing is known about the %s but what the state says. "+
			"The state is kept. If neowit.base_url (NEOWIT_BASE_URL) is wrong, this looks the same.", object))
}

// vanishedKey tells that a key is gone, or its account with it.
func vanishedKey(object string, err error) diag.Diagnostic {
	return service.Vanished(serviceAccountKeyNoun, withAccount(object, err), err)
}

// withAccount names a key that is gone, and its account if that is gone, too.
func withAccount(object string, err error) string {
	if errors.Is(err, neowitapi.ErrAccountGone) {
		return object + ", with that account,"
	}
	return object
}

// unproven tells that an update was accepted and cannot be read back.
func unproven(object string) diag.Diagnostic {
	return diag.NewWarningDiagnostic("A change of a "+serviceAccountNoun+" could not be verified",
		fmt.Sprintf("The server accepted the change of the %s, but offers no way to read it. Check it in the Neowit app.", object))
}

// organizationProof makes sure that an account is in the organization that the state is to remember for it.
func (t *tenant) organizationProof(ctx context.Context, organization, account, noun, object string) diag.Diagnostics {
	_, err := t.ServiceAccount(ctx, organization, account, time.Time{})
	switch {
	case err == nil:
		return nil
	case neowitapi.IsGone(err):
		return diag.Diagnostics{diag.NewErrorDiagnostic("Cannot update "+noun,
			fmt.Sprintf("The %s is not in the organization %q that org_id now names. Remove org_id, or set the organization that it is in.", object, organization))}
	}
	return diag.Diagnostics{t.failure("find", noun, object, err)}
}
