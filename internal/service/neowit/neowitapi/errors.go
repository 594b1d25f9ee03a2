package neowitapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// ErrGone tells that an account or key does not exist: the server lists its accounts, and it is not among them.
var ErrGone = errors.New("it is not among what the server lists")

// ErrAccountGone is the [ErrGone] of keys whose account does not exist.
var ErrAccountGone = fmt.Errorf("its service account does not exist: %w", ErrGone)

// ErrNotVisibleYet tells that an account or key was not found, and is so young that it may only not be visible yet.
var ErrNotVisibleYet = errors.New("it may not be visible everywhere yet")

// ErrUnreadable tells that the server offers no way to read accounts, so that nothing is known about one.
var ErrUnreadable = errors.New("the server offers no way to read service accounts")

// ErrUnclear tells that the server answers every way to change an account as it does for a missing account and for a
// wrong address, and that nothing can be read to tell which.
var ErrUnclear = errors.New("the server answers PATCH and PUT as it does for a missing account and for a wrong address")

// ErrNoUpdate tells that the server knows none of the ways to change an account.
var ErrNoUpdate = errors.New("the server knows neither PATCH nor PUT for a service account")

// ErrIncompleteList tells that a list has more pages than can be read, so that what is not on the first may be on another.
var ErrIncompleteList = errors.New("the list has more pages, which this provider cannot read")

// IsGone tells that an object does not exist.
func IsGone(err error) bool { return errors.Is(err, ErrGone) }

// IsNotFound tells a 404, which the server gives to a missing object and to a wrong path alike (docs: error codes).
func IsNotFound(err error) bool { return !IsLogin(err) && rest.HasStatus(err, http.StatusNotFound) }

// IsConflict tells that the name is taken.
func IsConflict(err error) bool { return !IsLogin(err) && rest.HasStatus(err, http.StatusConflict) }

// IsUnauthorized tells that the API does not accept what proves who calls.
func IsUnauthorized(err error) bool {
	return !IsLogin(err) && rest.HasStatus(err, http.StatusUnauthorized)
}

// IsForbidden tells that the caller may not do this, or not in this organization.
func IsForbidden(err error) bool { return !IsLogin(err) && rest.HasStatus(err, http.StatusForbidden) }

// IsLogin tells that the login failed rather than the request itself.
func IsLogin(err error) bool { return rest.IsLogin(err) }

// IsLoginRefused tells that the token endpoint does not accept the assertion.
func IsLoginRefused(err error) bool {
	return IsLogin(err) && (rest.HasStatus(err, http.StatusBadRequest) || rest.HasStatus(err, http.StatusUnauthorized))
}

// isNoRoute tells an answer that the server may also give to a method or path that it does not have.
func isNoRoute(err error) bool {
	return IsNotFound(err) || !IsLogin(err) && (rest.HasStatus(err, http.StatusMethodNotAllowed) || rest.HasStatus(err, http.StatusNotImplemented))
}

// parseError reads an error body: {"reason", "status", "traceID", "validations"}, of which any may be missing, or that of
// an OAuth2 token endpoint, {"error", "error_description"}. Only the first has a code: many servers know an "error", and a
// code is what tells the API's own 404 from theirs.
func parseError(_ int, body []byte) (code, message string) {
	var envelope struct {
		Reason      string          `json:"reason"`
		Status      string          `json:"status"`
		TraceID     string          `json:"traceID"`
		Validations json.RawMessage `json:"validations"`
		Error       string          `json:"error"`
		Description string          `json:"error_description"`
	}
	if json.Unmarshal(body, &envelope) != nil {
		return "", ""
	}
	if envelope.Error != "" {
		return "", strings.TrimSuffix(envelope.Error+": "+envelope.Description, ": ")
	}
	var parts []string
	if envelope.Reason != "" {
		parts = append(parts, envelope.Reason)
	}
	parts = append(parts, hints(envelope.Validations)...)
	if envelope.TraceID != "" {
		parts = append(parts, "trace id "+envelope.TraceID)
	}
	return envelope.Status, strings.Join(parts, "; ")
}

// hints are what the server says about single fields. In another form than the documented one they are left out, for the
// rest of the error counts more.
func hints(validations json.RawMessage) []string {
	var byField map[string]string
	if json.Unmarshal(validations, &byField) != nil {
		return nil
	}
	lines := make([]string, 0, len(byField))
	for field, hint := range byField {
		lines = append(lines, field+": "+hint)
	}
	slices.Sort(lines)
	return lines
}
