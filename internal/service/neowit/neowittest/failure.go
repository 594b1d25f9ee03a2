package neowittest

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
)

// failure is a refusal.
type failure struct {
	status      int
	reason      string
	validations map[string]string
	oauth       string // the error code of RFC 6749, at the token endpoint only
}

// wireError is the body of an error.
type wireError struct {
	Reason      string            `json:"reason"`
	Status      string            `json:"status"`
	TraceID     string            `json:"traceID"`
	Validations map[string]string `json:"validations,omitempty"`
}

func refusal(status int, reason string) *failure {
	return &failure{status: status, reason: reason}
}

// badData refuses a body, with hints on its fields if there are any.
func badData(validations map[string]string) *failure {
	return &failure{status: http.StatusBadRequest, reason: "invalid serviceAccount data", validations: validations}
}

func malformedAccountID() *failure {
	return refusal(http.StatusBadRequest, "invalid serviceAccount id")
}

func malformedKeyID() *failure {
	return refusal(http.StatusBadRequest, "invalid serviceAccount key id")
}

// missing is the answer about an object that does not exist, and the same about a route that does not.
func missing() *failure {
	return refusal(http.StatusNotFound, "not found")
}

func alreadyExists() *failure {
	return refusal(http.StatusConflict, "serviceAccount already exists")
}

func unauthorized() *failure {
	return refusal(http.StatusUnauthorized, "unauthorized")
}

func forbidden() *failure {
	return refusal(http.StatusForbidden, "forbidden")
}

// refuse writes a failure.
func (f *Fake) refuse(w http.ResponseWriter, failed *failure) {
	if failed.oauth != "" && f.options.Get(optTokenError) == errorOAuth {
		stage.JSON(w, http.StatusBadRequest, map[string]string{"error": failed.oauth, "error_description": failed.reason})
		return
	}
	stage.JSON(w, failed.status, wireError{
		Reason: failed.reason, Status: strings.ToLower(http.StatusText(failed.status)),
		TraceID: stage.RandomHex(16), Validations: failed.validations,
	})
}

// refuseAsPage writes a failure the way a gateway does that knows nothing of the API.
func refuseAsPage(w http.ResponseWriter, failed *failure) {
	title := fmt.Sprintf("%d %s", failed.status, http.StatusText(failed.status))
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(failed.status)
	_, _ = fmt.Fprintf(w, "<!DOCTYPE html>\n<html><head><title>%[1]s</title></head><body><h1>%[1]s</h1></body></html>\n", title)
}
