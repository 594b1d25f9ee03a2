package keycardtest

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
)

const requestIDHeader = "X-Client-Request-Id"

// failure is a refusal.
type failure struct {
	status    int
	message   string
	oauth     string // the error code of RFC 6749, at the token endpoint only
	challenge string // the way to authenticate that failed in the header, likewise
}

// wireError is the body of an error of the API.
type wireError struct {
	Message string `json:"message"`
	Code    string `json:"code"`
	Status  int    `json:"status"`
}

type wireTokenError struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
}

func refusal(status int, format string, args ...any) *failure {
	return &failure{status: status, message: fmt.Sprintf(format, args...)}
}

func badRequest(format string, args ...any) *failure {
	return refusal(http.StatusBadRequest, format, args...)
}

func unauthorized() *failure {
	return refusal(http.StatusUnauthorized, "the access token is missing, wrong or over")
}

func forbidden() *failure {
	return refusal(http.StatusForbidden, "not allowed")
}

// missing is the answer about an object that does not exist, and the same about a route that does not.
func missing() *failure {
	return refusal(http.StatusNotFound, "not found")
}

func conflict(format string, args ...any) *failure {
	return refusal(http.StatusConflict, format, args...)
}

func badExchange(code, description string) *failure {
	return &failure{status: http.StatusBadRequest, message: description, oauth: code}
}

// badClient refuses a client that authenticated in the given style.
func badClient(style, description string) *failure {
	failed := &failure{status: http.StatusUnauthorized, message: description, oauth: "invalid_client"}
	if style == clientBasic {
		failed.challenge = `Basic realm="keycard"`
	}
	return failed
}

// code is the word for a status: its name in the standard, in lower case and in one piece.
func code(status int) string {
	return strings.ReplaceAll(strings.ToLower(http.StatusText(status)), " ", "_")
}

// refuse writes a failure.
func (f *Fake) refuse(w http.ResponseWriter, failed *failure) {
	if failed.challenge != "" {
		w.Header().Set("WWW-Authenticate", failed.challenge)
	}
	if failed.oauth != "" {
		stage.JSON(w, failed.status, wireTokenError{failed.oauth, failed.message})
		return
	}
	switch f.options.Get(optErrorBody) {
	case errorEmpty:
		w.WriteHeader(failed.status)
	case asPage:
		refuseAsPage(w, failed)
	default:
		stage.JSON(w, failed.status, wireError{failed.message, code(failed.status), failed.status})
	}
}

// refuseAsPage writes a failure the way a gateway does that knows nothing of the API.
func refuseAsPage(w http.ResponseWriter, failed *failure) {
	title := fmt.Sprintf("%d %s", failed.status, http.StatusText(failed.status))
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(failed.status)
	_, _ = fmt.Fprintf(w, "<!DOCTYPE html>\n<html><head><title>%[1]s</title></head><body><h1>%[1]s</h1></body></html>\n", title)
}
