package dtapi

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// IsNotFound tells that the object, or what it belongs to, does not exist. The API says so in an error body of its own;
// a 404 without one comes from a wrong path, or from something in between.
func IsNotFound(err error) bool {
	answer, ok := rest.AsError(err)
	return ok && answer.Status == http.StatusNotFound && answer.Code != "" && !IsLogin(err) && !IsUnconfirmed(err) && !errors.Is(err, ErrNotVisibleYet)
}

// IsNoRoute tells that what answered does not know the route at all, and so is not the API.
func IsNoRoute(err error) bool {
	answer, ok := rest.AsError(err)
	if !ok || IsLogin(err) || answer.Code != "" {
		return false
	}
	// A page in answer to a change may stand before the API's own answer.
	return rest.IsWebPage(err) && (answer.Method == http.MethodGet || answer.Status >= http.StatusBadRequest) || answer.Status == http.StatusNotFound || answer.Status == http.StatusMethodNotAllowed
}

// IsConflict tells that the object exists already, or that it was changed by somebody else at the same time.
func IsConflict(err error) bool { return rest.HasStatus(err, http.StatusConflict) }

// IsLogin tells that the login failed rather than the request itself.
func IsLogin(err error) bool { return rest.IsLogin(err) }

// IsLoginRefused tells that the token endpoint does not accept the assertion.
func IsLoginRefused(err error) bool {
	return IsLogin(err) && (rest.HasStatus(err, http.StatusBadRequest) || rest.HasStatus(err, http.StatusUnauthorized))
}

// IsUnauthorized tells that the API does not accept what proves who calls.
func IsUnauthorized(err error) bool {
	return !IsLogin(err) && rest.HasStatus(err, http.StatusUnauthorized)
}

// IsInvalid tells that the API takes something about the request for wrong.
func IsInvalid(err error) bool { return !IsLogin(err) && rest.HasStatus(err, http.StatusBadRequest) }

// IsTooMany tells that the rate limit was exceeded.
func IsTooMany(err error) bool {
	return !IsLogin(err) && rest.HasStatus(err, http.StatusTooManyRequests)
}

// IsForbidden tells that the caller lacks a role.
func IsForbidden(err error) bool {
	return !IsLogin(err) && rest.HasStatus(err, http.StatusForbidden)
}

// NeededRole returns the role that a refused request called for, and the parent on which it is needed (docs: managing
// access rights). It returns "" where no single role would do.
func NeededRole(err error) (role, parent string) {
	answer, ok := rest.AsError(err)
	if !ok {
		return "", ""
	}
	address, parseErr := url.Parse(answer.URL)
	if parseErr != nil {
		return "", ""
	}
	// The last, because the address of the API may have such a segment too.
	_, name, found := cutLast(address.Path, "/v2/")
	segments := strings.Split(name, "/")
	if !found || len(segments) < 2 {
		return "", ""
	}
	parent = segments[0] + "/" + segments[1]
	switch {
	case segments[0] == "organizations":
		return "roles/organization.admin", parent
	case segments[0] == "projects" && answer.Method == http.MethodGet:
		return "roles/project.user", parent
	case segments[0] == "projects":
		return "roles/project.admin", parent
	}
	return "", ""
}

func cutLast(text, separator string) (before, after string, found bool) {
	if i := strings.LastIndex(text, separator); i >= 0 {
		return text[:i], text[i+len(separator):], true
	}
	return text, "", false
}

// parseError reads an error body. The API's own is {"error": message, "code": status, "help": url}, of which the docs
// say that it may vary; that of an OAuth2 token endpoint is {"error": code, "error_description": message}.
func parseError(status int, body []byte) (code, message string) {
	var envelope struct {
		Error       json.RawMessage `json:"error"`
		Code        json.RawMessage `json:"code"`
		Description string          `json:"error_description"`
	}
	if json.Unmarshal(body, &envelope) != nil || len(envelope.Error) == 0 {
		return "", ""
	}
	if nested := envelope.Error; nested[0] == '{' {
		var inner struct {
			Message string `json:"message"`
		}
		_ = json.Unmarshal(nested, &inner) // an odd shape has no message
		return strconv.Itoa(status), inner.Message
	}
	var text string
	_ = json.Unmarshal(envelope.Error, &text)
	if envelope.Description != "" {
		return text, envelope.Description
	}
	if code = strings.Trim(string(envelope.Code), `"`); code == "" {
		code = strconv.Itoa(status)
	}
	return code, text
}
