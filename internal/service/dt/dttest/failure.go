package dttest

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
)

// failure is a refusal.
type failure struct {
	status     int
	text       string
	retryAfter int    // seconds; 0 for none
	oauth      string // the error code of RFC 6749, at the token endpoint only
}

// wireError is the body of every error of the API.
type wireError struct {
	Error string `json:"error"`
	Code  int    `json:"code"`
	Help  string `json:"help"`
}

func refusal(status int, format string, args ...any) *failure {
	return &failure{status: status, text: fmt.Sprintf(format, args...)}
}

func invalid(format string, args ...any) *failure {
	return refusal(http.StatusBadRequest, "invalid argument: "+format, args...)
}

func notFound(name string) *failure {
	return refusal(http.StatusNotFound, "not found: %s", name)
}

func alreadyExists() *failure {
	return refusal(http.StatusConflict, "already exists")
}

func unauthenticated(reason string) *failure {
	return refusal(http.StatusUnauthorized, "unauthenticated: %s", reason)
}

// forbidden names the permission that is missing; the empty one is any at all.
func forbidden(permission, name string) *failure {
	if permission == "" {
		return refusal(http.StatusForbidden, "permission denied: no role on %s", name)
	}
	return refusal(http.StatusForbidden, "permission denied: %s on %s", permission, name)
}

// status reads a switch whose values are statuses.
func (f *Fake) status(option string) int {
	status, _ := f.options.Number(option)
	return status
}

// refuse writes a failure.
func (f *Fake) refuse(w http.ResponseWriter, failed *failure) {
	if failed.retryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(failed.retryAfter))
	}
	if failed.oauth != "" && f.options.Get(optTokenError) == tokenErrorOAuth {
		stage.JSON(w, failed.status, map[string]string{"error": failed.oauth, "error_description": failed.text})
		return
	}
	stage.JSON(w, failed.status, wireError{
		Error: failed.text, Code: failed.status, Help: "https://docs.d21s.com/error/#" + strconv.Itoa(failed.status),
	})
}
