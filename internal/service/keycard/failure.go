package keycard

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/machineid/terraform-provider-machineid/internal/outcome"
	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/keycard/keycardapi"
)

// failure describes a failed call with the advice that this system's errors call for.
func (c *console) failure(operation, noun, object string, err error) diag.Diagnostic {
	return service.Failure{Operation: operation, Noun: noun, Object: object, Err: err, Next: advice(err)}.Diagnostic()
}

// organizationNotFound describes a failed search for an organization, "" for the caller's own.
func (c *console) organizationNotFound(idOrLabel string, err error) diag.Diagnostic {
	object := ""
	if idOrLabel != "" {
		object = fmt.Sprintf("organization %q", idOrLabel)
	}
	return c.failure("find", organizationNoun, object, err)
}

// checkOrganization is the advice where not even the organization is found.
const checkOrganization = "Check that organization_id is the id or label of the organization that the credential belongs to, and that keycard.base_url " +
	"(KEYCARD_ENDPOINT) is the address of the API."

// advice is the next step where it differs from what the status alone suggests; "" otherwise.
func advice(err error) string {
	var choice *keycardapi.ChoiceError
	var other *otherOrganizationError
	switch {
	case errors.As(err, &other):
		return "Check that keycard.base_url (KEYCARD_ENDPOINT) and the credential are those of the installation that the object is in. If its organization has another label now, " +
			"take the object out of the state (terraform state rm), and import it by the id of the organization."
	case errors.As(err, &choice) && len(choice.Visible) > 1 && choice.Wanted == "":
		return "Choose one: set keycard.organization_id (KEYCARD_ORGANIZATION_ID), or organization_id here."
	case errors.As(err, &choice):
		return "Set organization_id to the id or label of the organization that the credential belongs to, or give the provider a credential of the other one."
	case errors.Is(err, keycardapi.ErrNotClearable):
		return "The configuration has no description, but the server accepts neither \"\" nor null for that, and changed nothing. Remove the description in the Keycard console, " +
			"or write one here."
	case errors.Is(err, keycardapi.ErrNotCleared):
		return "Remove the description in the Keycard console, and ask Keycard how the API does it."
	case errors.Is(err, keycardapi.ErrUnproven):
		return "The organization is not found either, so nothing is concluded about what is in it. " + checkOrganization + " If the label of the organization was " +
			"changed, take the object out of the state (terraform state rm), and import it by the id of the organization."
	case errors.Is(err, keycardapi.ErrNotVisibleYet):
		return "It, or what it belongs to, was made less than half a minute ago, and may not be visible everywhere yet. Nothing was concluded. Run again in a moment."
	case keycardapi.IsAccountGone(err):
		return "The service account does not exist in this organization, and its credentials went with it. Run a plan: it shows what is left to do."
	case keycardapi.IsGone(err):
		return "It was deleted elsewhere. Run a plan: it shows what is left to do."
	case keycardapi.IsNotFound(err):
		return checkOrganization
	case keycardapi.IsLoginRefused(err):
		return "The login failed, nothing else was sent. Check that keycard.client_secret is that of keycard.client_id (KEYCARD_CLIENT_SECRET, KEYCARD_CLIENT_ID), and that the " +
			"credential and its service account still exist."
	case keycardapi.IsLogin(err):
		return "The login got no answer that could be used, and nothing else was sent. Check keycard.base_url and keycard.token_url (KEYCARD_ENDPOINT, KEYCARD_TOKEN_URL), " +
			"and that they can be reached from here."
	case keycardapi.IsUnauthorized(err):
		return "The login succeeded, but its token was refused, twice. The credential may have been deleted meanwhile, or keycard.base_url and keycard.token_url belong to " +
			"different installations."
	case keycardapi.IsForbidden(err):
		return "Service accounts and their credentials may be managed by admins of the organization, and by its own service accounts. Check organization_id, and as whom the " +
			"provider logs in."
	}
	return ""
}

// unresolved explains a creation below something that does not exist.
func unresolved(noun, object string, account string, err error) diag.Diagnostic {
	return service.Failure{Operation: "create", Noun: noun, Object: object, Err: err, Next: needsAccount(account)}.Diagnostic()
}

func needsAccount(account string) string {
	return fmt.Sprintf("There is no service account %s in this organization. service_account_id must be the id of one, such as the attribute id of a "+
		"machineid_keycard_service_account.", account)
}

// taken explains a creation that something is in the way of, by all that is known what has the same name, with how to import
// that. Found are the import ids of all that have it.
func taken(noun, object string, found []string, advice string, err error) diag.Diagnostic {
	next := "Something is in the way, and nothing of this name was found: see what Keycard says, and look in its console."
	if len(found) > 0 {
		count := "One of this name exists"
		if len(found) > 1 {
			count = fmt.Sprintf("%d of this name exist", len(found))
			advice += " (one of them; the data source that lists them tells when each was made)"
		}
		next = fmt.Sprintf("%s already. %s:\n\n%s\n\nOtherwise choose another name.", count, advice, service.ImportCommands(found...))
	}
	return service.Failure{Operation: "create", Noun: noun, Object: object, Err: err, Next: next}.Diagnostic()
}

// accountNotCreated explains a failed creation.
func (c *console) accountNotCreated(ctx context.Context, plan serviceAccountModel, err error) diag.Diagnostic {
	if !keycardapi.IsConflict(err) || outcome.IsUnresolved(err) {
		return c.failure("create", serviceAccountNoun, plan.object(), err)
	}
	var found []string
	if accounts, listErr := c.ServiceAccounts(ctx, plan.OrganizationID.ValueString(), false); listErr == nil {
		for _, account := range accounts.Items {
			if account.Name == plan.Name.ValueString() {
				found = append(found, accountImportID(plan.OrganizationID.ValueString(), account.ID))
			}
		}
	}
	return taken(serviceAccountNoun, plan.object(), found, "To manage it here, import it", err)
}

// What a credential may be that is in the way of a new one, and what to do then.
const (
	replacedBeside = "If this is a replacement with create_before_destroy, it may be the one that is to be replaced: change the name together with the replacement, " +
		"or remove create_before_destroy."
	rotatedBeside = "It may be the one that is to be rotated: change the name together with each rotation, because both are there during the overlap."
)

// credentialNotCreated explains a failed creation. Beside tells what may be in its way.
func (c *console) credentialNotCreated(ctx context.Context, plan credentialModel, err error, beside string) diag.Diagnostic {
	organization, account := plan.OrganizationID.ValueString(), plan.ServiceAccountID.ValueString()
	if keycardapi.IsGone(err) {
		return unresolved(credentialNoun, plan.object(), account, err)
	}
	if errors.Is(err, keycardapi.ErrUnproven) {
		return service.Failure{Operation: "create", Noun: credentialNoun, Object: plan.object(), Err: err, Next: checkOrganization}.Diagnostic()
	}
	if !keycardapi.IsConflict(err) || outcome.IsUnresolved(err) {
		return c.failure("create", credentialNoun, plan.object(), err)
	}
	var found []string
	if credentials, listErr := c.Credentials(ctx, organization, account, false); listErr == nil {
		for _, credential := range credentials.Items {
			if credential.Name == plan.Name.ValueString() {
				found = append(found, credentialImportID(organization, account, credential.ID))
			}
		}
	}
	return taken(credentialNoun, plan.object(), found,
		beside+"\n\nTo manage it here, import it (an imported credential has no secret in state until it is replaced)", err)
}
