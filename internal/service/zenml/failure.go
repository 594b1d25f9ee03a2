package zenml

import (
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/zenml/zenmlapi"
)

// failure describes a failed call with the advice that this system's errors call for.
func (s *server) failure(operation, noun, object string, err error) diag.Diagnostic {
	return service.Failure{Operation: operation, Noun: noun, Object: object, Err: err, Next: s.advice(err)}.Diagnostic()
}

// failureThen is [server.failure] with the next step where the operation decides it.
func (s *server) failureThen(operation, noun, object string, err error, next string) diag.Diagnostic {
	return service.Failure{Operation: operation, Noun: noun, Object: object, Err: err, Next: next}.Diagnostic()
}

// advice is the next step where it differs from what the status alone suggests; "" otherwise.
func (s *server) advice(err error) string {
	switch {
	case zenmlapi.IsNoRoute(err):
		return "The server does not know this route at all. Check zenml.server_url: it must be the address of a ZenML server, without /api/v1."
	case zenmlapi.IsLoginRefused(err) && s.wayIn == wayUser:
		return "The login failed, nothing else was sent. Check zenml.server_url, zenml.username and zenml.password (ZENML_SERVER_URL, ZENML_USERNAME, ZENML_PASSWORD)."
	case zenmlapi.IsLoginRefused(err):
		return "The login with the API key failed, nothing else was sent. Check zenml.server_url and zenml.api_key (ZENML_SERVER_URL, ZENML_API_KEY): " +
			"the key may be wrong, rotated, deactivated or deleted, or its service account deactivated."
	case zenmlapi.IsLogin(err):
		return "The login got no answer that could be used, and nothing else was sent. Check zenml.server_url (ZENML_SERVER_URL), and that the server can be reached from here."
	case zenmlapi.IsBearerRefused(err) && s.wayIn == wayAPIToken:
		return "The server does not accept zenml.api_token (ZENML_API_TOKEN). Such tokens are short-lived: make a new one, or configure a user or an API key, " +
			"which the provider logs in with as often as needed."
	case zenmlapi.IsAdminRule(err) && s.wayIn == wayAPIKey:
		return "This server lets only admin users manage service accounts and API keys, and the provider logged in with an API key: " +
			"that is a service account, which is never an admin. Replace zenml.api_key by zenml.username and zenml.password of an admin user " +
			"(ZENML_USERNAME, ZENML_PASSWORD), or by zenml.api_token of one (ZENML_API_TOKEN)."
	case zenmlapi.IsAdminRule(err):
		return "This server lets only admin users manage service accounts and API keys, and the user that the provider logged in as is no admin. " +
			"Use an admin user, or have this one made an admin."
	case zenmlapi.IsOwner(err):
		return "The account owns objects that it created, such as stacks, runs or secrets. Delete those first; or keep the account and set active = false, " +
			"which refuses all its logins at once. To stop managing it without deleting it, use a removed block or terraform state rm."
	case zenmlapi.IsExternal(err):
		return "The service account comes from ZenML Pro and is managed there, with its API keys. Take it out of this configuration; the data sources can still read it."
	case zenmlapi.IsProWorkspace(err):
		return "The server is a ZenML Pro workspace: service accounts and API keys are made in the ZenML Pro organization there. " +
			"The data sources can read what the workspace has."
	}
	return ""
}
