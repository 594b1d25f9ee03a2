package zenmlapi

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// IsNotFound tells that the object, or the account it belongs to, does not exist.
func IsNotFound(err error) bool {
	answer, ok := rest.AsError(err)
	return ok && answer.Status == http.StatusNotFound && answer.Code != "" && !IsLogin(err) || errors.Is(err, ErrNoSuchName)
}

// IsNoRoute tells that the server does not know the route at all, as opposed to the object: a missing object's answer
// names the class of the error, a missing route's does not. Outside /api a wrong address answers a POST with 405, and a
// GET with the dashboard's page.
func IsNoRoute(err error) bool {
	answer, ok := rest.AsError(err)
	if !ok || answer.Code != "" {
		return false
	}
	if rest.IsWebPage(err) {
		return true
	}
	return answer.Status == http.StatusNotFound || answer.Status == http.StatusMethodNotAllowed
}

// IsConflict tells that the name is taken.
func IsConflict(err error) bool { return rest.HasStatus(err, http.StatusConflict) }

// MayHaveRotated tells that a rotation which failed may have ended the secret of the key all the same.
func MayHaveRotated(err error) bool {
	var incomplete *rest.IncompleteError
	return rest.IsUnknownOutcome(err) || errors.As(err, &incomplete)
}

// IsLogin tells that the login failed rather than the request itself.
func IsLogin(err error) bool { return rest.IsLogin(err) }

// IsBearerRefused tells that the server does not accept the token that the request carried.
func IsBearerRefused(err error) bool {
	return !IsLogin(err) && rest.HasStatus(err, http.StatusUnauthorized)
}

// IsLoginRefused tells that the server does not accept the user or key that was to log in.
func IsLoginRefused(err error) bool {
	return IsLogin(err) && rest.HasStatus(err, http.StatusUnauthorized)
}

// IsAdminRule tells a refusal because only admin accounts manage service accounts and API keys (servers from 0.96.0).
func IsAdminRule(err error) bool { return refusalSays(err, "only admin users") }

// IsOwner tells a refusal because the service account owns other objects.
func IsOwner(err error) bool { return refusalSays(err, "it now owns") }

// IsExternal tells a refusal because the service account is managed by ZenML Pro.
func IsExternal(err error) bool { return refusalSays(err, "external") }

// IsProWorkspace tells a refusal because the server is a ZenML Pro workspace, where the organization has the accounts.
func IsProWorkspace(err error) bool { return refusalSays(err, "workspace-level") }

func refusalSays(err error, text string) bool {
	answer, ok := rest.AsError(err)
	return ok && answer.Status == http.StatusForbidden && strings.Contains(strings.ToLower(answer.Message), text)
}

// parseError reads the shapes of an error body: {"detail": [class, message]}, {"detail": message}, a bare
// [class, message] (422), and {"error": message} (429).
func parseError(_ int, body []byte) (code, message string) {
	var envelope struct {
		Detail json.RawMessage `json:"detail"`
		Error  string          `json:"error"`
	}
	detail := json.RawMessage(body)
	if json.Unmarshal(body, &envelope) == nil {
		if envelope.Detail == nil {
			return "", tidy(envelope.Error)
		}
		detail = envelope.Detail
	}
	var text string
	if json.Unmarshal(detail, &text) == nil {
		return "", tidy(text)
	}
	var parts []string
	if json.Unmarshal(detail, &parts) != nil || len(parts) == 0 {
		return "", ""
	}
	if len(parts) == 1 {
		return "", tidy(parts[0])
	}
	return parts[0], tidy(parts[1])
}

// tidy drops what helps no reader: the quotes that Python puts around the message of a KeyError, the server's own
// source lines behind a validation error, and the SQL behind a database error, whose parameters hold hashes of keys.
func tidy(message string) string {
	message, _, _ = strings.Cut(message, "\n\n  File ")
	message, _, _ = strings.Cut(message, "[SQL: ")
	if len(message) > 1 && strings.HasPrefix(message, `"`) && strings.HasSuffix(message, `"`) {
		message = message[1 : len(message)-1]
	}
	return strings.TrimSpace(message)
}
