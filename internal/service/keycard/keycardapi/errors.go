package keycardapi

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// IsNotFound tells a 404. Whether it is about the object, or about a wrong address, it does not tell; see [IsGone].
func IsNotFound(err error) bool { return isAnswer(err, http.StatusNotFound) }

// IsInvalid tells that the API takes something about the request for wrong.
func IsInvalid(err error) bool {
	return isAnswer(err, http.StatusBadRequest) || isAnswer(err, http.StatusUnprocessableEntity)
}

// IsConflict tells that something is in the way: by all that is known, another object of that name.
func IsConflict(err error) bool { return isAnswer(err, http.StatusConflict) }

// IsForbidden tells that the caller may not do this.
func IsForbidden(err error) bool { return isAnswer(err, http.StatusForbidden) }

// IsUnauthorized tells that the API does not accept a fresh token.
func IsUnauthorized(err error) bool { return isAnswer(err, http.StatusUnauthorized) }

// IsLogin tells that the login failed rather than the request itself.
func IsLogin(err error) bool { return rest.IsLogin(err) }

// IsLoginRefused tells that the token endpoint does not accept the credential.
func IsLoginRefused(err error) bool { return IsLogin(err) && isRefusal(err) }

// isAnswer tells an answer of that status to the request itself.
func isAnswer(err error, status int) bool { return !IsLogin(err) && rest.HasStatus(err, status) }

// parseError reads an error body: {"message", "code", "status"} of the API (the vendor's provider), {"error",
// "error_description"} of a token endpoint (RFC 6749), or any text but a web page.
func parseError(_ int, body []byte) (code, message string) {
	var envelope struct {
		Message     string          `json:"message"`
		Code        json.RawMessage `json:"code"`
		Error       json.RawMessage `json:"error"`
		Description string          `json:"error_description"`
	}
	body = bytes.TrimSpace(body)
	var syntax *json.SyntaxError
	if err := json.Unmarshal(body, &envelope); errors.As(err, &syntax) {
		if bytes.HasPrefix(body, []byte("<")) {
			return "", ""
		}
		return "", string(body)
	}
	return cmp.Or(word(envelope.Code), word(envelope.Error)), cmp.Or(envelope.Message, envelope.Description)
}

// word is a short text or a number; "" for anything else.
func word(raw json.RawMessage) string {
	if len(raw) == 0 || strings.ContainsAny(string(raw[:1]), "{[nft") {
		return ""
	}
	return strings.Trim(string(raw), `"`)
}
