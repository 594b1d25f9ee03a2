package dt

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/dt/dtapi"
)

// failure describes a failed call with the advice that this system's errors call for.
func (s *studio) failure(operation, noun, object string, err error) diag.Diagnostic {
	return service.Failure{Operation: operation, Noun: noun, Object: object, Err: err, Next: s.advice(err)}.Diagnostic()
}

// failureThen is [studio.failure] with the next step where the operation decides it; "" takes the advice.
func (s *studio) failureThen(operation, noun, object string, err error, next string) diag.Diagnostic {
	return service.Failure{Operation: operation, Noun: noun, Object: object, Err: err, Next: cmp.Or(next, s.advice(err))}.Diagnostic()
}

// advice is the next step where it differs from what the status alone suggests; "" otherwise.
func (s *studio) advice(err error) string {
	skew, skewed := dtapi.ClockSkew(err)
	role, parent := dtapi.NeededRole(err)
	unconfirmed, _ := dtapi.AsUnconfirmed(err)
	switch {
	case errors.Is(err, dtapi.ErrNotVisibleYet):
		return "It was made less than half a minute ago, and may not be visible everywhere yet. Nothing was concluded. Run again in a moment."
	case unconfirmed != nil && !unconfirmed.WrongAddress():
		return fmt.Sprintf("Whether it is really gone could not be confirmed, so nothing was changed: %s. Run again.", unconfirmed.Cause)
	case unconfirmed != nil:
		return "What answers there does not list the roles that every DT Studio has, so it is not believed that the object is gone, and nothing was changed. " +
			"Check dt.base_url (DT_BASE_URL): it must be the address of the API, with or without /v2."
	case dtapi.IsNoRoute(err):
		return "What answers there does not know this route at all. Check dt.base_url (DT_BASE_URL): it must be the address of the API, with or without /v2."
	case dtapi.IsLoginRefused(err) && skewed:
		return fmt.Sprintf("The login failed, nothing else was sent. The clock of this machine is %s the server's, and a login is only valid around its own time: "+
			"set the clock, then run again.", service.ClockOffset(skew))
	case dtapi.IsLoginRefused(err):
		return "The login failed, nothing else was sent. Check that dt.secret is that of dt.key_id, that the key still exists, and that dt.email is the address of the " +
			"service account that the key belongs to (DT_SERVICE_ACCOUNT_SECRET, DT_SERVICE_ACCOUNT_KEY_ID, DT_SERVICE_ACCOUNT_EMAIL). " +
			"For another installation than the vendor's own, set dt.token_url (DT_TOKEN_URL) too."
	case dtapi.IsLogin(err):
		return "The login got no answer that could be used, and nothing else was sent. Check dt.token_url (DT_TOKEN_URL), and that it can be reached from here."
	case s.auth == authBasic && (dtapi.IsUnauthorized(err) || dtapi.IsForbidden(err) && role == ""):
		return basicRefused
	case s.auth == authBasic && dtapi.IsInvalid(err):
		return "Either the request itself is wrong, or the way in. " + basicRefused
	case dtapi.IsUnauthorized(err):
		return "The login succeeded, but its token was refused, twice. The key may have been deleted meanwhile, or dt.base_url and dt.token_url belong to different installations."
	case dtapi.IsForbidden(err) && role != "":
		advice := fmt.Sprintf("The service account that the provider logs in as needs the role %s in %s", role, parent)
		if role != organizationAdmin {
			advice += fmt.Sprintf(" (or a higher one), or %s in its organization", organizationAdmin)
		}
		advice += ". Its roles there are shown in DT Studio under access. An id that does not exist can be answered in the same way: " +
			"if the object is gone with all of its parent, take it out of the state (terraform state rm)."
		if s.auth == authBasic {
			advice += "\n\n" + basicRefused
		}
		return advice
	case dtapi.IsConflict(err):
		return "The same was changed elsewhere at the same time, at each of several attempts. Run again."
	case dtapi.IsTooMany(err):
		return "The server allows no more requests for now, and did so at each of several attempts. Lower dt.requests_per_second (DT_REQUESTS_PER_SECOND), " +
			"because others share the limit, or run again later."
	}
	return ""
}

const organizationAdmin = "roles/organization.admin"

const basicRefused = "The provider sends key id and secret with each request (dt.auth is \"basic\"). That is accepted only for a service account that has Basic auth " +
	"enabled, and only while the key exists. Enable it, or set dt.email and take dt.auth = \"oauth2\". Otherwise check dt.key_id and dt.secret."
