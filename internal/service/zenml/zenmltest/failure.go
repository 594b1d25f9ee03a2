package zenmltest

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
)

var errNotADatabase = errors.New("its part for ZenML lacks the admin user or the keys")

// failure is a refusal as the server words it.
type failure struct {
	status   int
	body     any
	header   map[string]string
	problems []problem // instead of a body, which depends on the endpoint and the version
	raised   bool      // by an endpoint, whose refusals carry the id of the request
}

// raise is what becomes of an exception in an endpoint: its class and its text.
func raise(status int, class, format string, args ...any) *failure {
	return &failure{status: status, body: map[string]any{"detail": []string{class, fmt.Sprintf(format, args...)}}, raised: true}
}

// plain is a refusal of the web framework: a text alone.
func plain(status int, detail string) *failure {
	return &failure{status: status, body: map[string]string{"detail": detail}}
}

func notFound(format string, args ...any) *failure {
	// The text of a Python KeyError is the representation of its argument, quotes included.
	return raise(http.StatusNotFound, "KeyError", "%s", quote(fmt.Sprintf(format, args...)))
}

func conflict(format string, args ...any) *failure {
	return raise(http.StatusConflict, "EntityExistsError", format, args...)
}

func illegal(format string, args ...any) *failure {
	return raise(http.StatusForbidden, "IllegalOperationError", format, args...)
}

func unauthorized(format string, args ...any) *failure {
	return raise(http.StatusUnauthorized, "CredentialsNotValid", "Authentication error: "+format, args...)
}

// noCredentials is what the web framework answers before the server looks.
func noCredentials(challenge string) *failure {
	refusal := plain(http.StatusUnauthorized, "Not authenticated")
	refusal.header = map[string]string{"WWW-Authenticate": challenge}
	return refusal
}

func methodNotAllowed(allowed string) *failure {
	refusal := plain(http.StatusMethodNotAllowed, "Method Not Allowed")
	refusal.header = map[string]string{"Allow": allowed}
	return refusal
}

// duplicateRow is a name clash that the server finds only when the database refuses the row.
func duplicateRow(columns string) *failure {
	return raise(http.StatusInternalServerError, "RuntimeError",
		"(sqlite3.IntegrityError) UNIQUE constraint failed: %s", columns)
}

// invalidRequest is a body, path or query of the wrong type.
func invalidRequest(problems ...problem) *failure {
	return &failure{status: http.StatusUnprocessableEntity, problems: problems}
}

// invalidFilter is a filter or sort value that the server's own model refuses, as a whole or in one of its fields.
func invalidFilter(model, field, value, message string) *failure {
	at := "\n"
	if field != "" {
		at = "\n" + field + "\n"
	}
	return raise(http.StatusUnprocessableEntity, "ValueError", "1 validation error for %s%s  Value error, %s "+
		"[type=value_error, input_value=%s, input_type=str]\n    For further information visit "+
		"https://errors.pydantic.dev/2.12/v/value_error", model, at, message, quote(value))
}

// problem is one complaint about a request, in the words of the server's validation library.
type problem struct {
	kind  string
	at    []string
	text  string
	input string // what was given, as Python writes it
}

func (p problem) String() string {
	at := make([]string, len(p.at))
	for i, part := range p.at {
		at[i] = quote(part)
	}
	location := strings.Join(at, ", ")
	if len(at) == 1 {
		location += ","
	}
	return fmt.Sprintf("{'type': %s, 'loc': (%s), 'msg': %s, 'input': %s}", quote(p.kind), location, quote(p.text), p.input)
}

// invalidBody words the problems of a request. Unlike every other refusal it is a bare array, and newer servers add
// where in their source the endpoint is.
func (f *Fake) invalidBody(r *http.Request, problems []problem) []string {
	if f.older() {
		list := make([]string, len(problems))
		for i, p := range problems {
			list[i] = p.String()
		}
		return []string{"ValueError", "[" + strings.Join(list, ", ") + "]"}
	}
	text := fmt.Sprintf("%d validation errors:", len(problems))
	if len(problems) == 1 {
		text = "1 validation error:"
	}
	for _, p := range problems {
		text += "\n  " + p.String()
	}
	text += fmt.Sprintf("\n\n  File \"/app/zenml/zen_server/utils.py\", line 98, in endpoint\n    %s %s",
		r.Method, f.routes.Find(r).Template())
	return []string{"ValueError", text}
}

// refuse writes a failure.
func (f *Fake) refuse(w http.ResponseWriter, r *http.Request, refusal *failure) {
	for name, value := range refusal.header {
		w.Header().Set(name, value)
	}
	if refusal.raised {
		w.Header().Set("X-Request-ID", cmp.Or(r.Header.Get("X-Request-ID"), uuid.NewString()[:8]))
	}
	body := refusal.body
	if refusal.problems != nil {
		body = f.invalidBody(r, refusal.problems)
	}
	stage.JSON(w, refusal.status, body)
}
