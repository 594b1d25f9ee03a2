package service

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/machineid/terraform-provider-machineid/internal/outcome"
	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// Failure is an operation that did not succeed, told so that its reader knows what to do.
type Failure struct {
	// Operation is the verb, for example "create".
	Operation string
	// Noun is what kind of object it concerns, for example "ZenML API key".
	Noun string
	// Object tells which one, for example its name and id; "" if the noun says it all.
	Object string
	// Err is the cause.
	Err error
	// Next is what to do about it; "" takes the usual advice for the status.
	Next string
	// Stateless tells that the object is in no state, so that no plan shows what is left to do.
	Stateless bool
}

// Diagnostic tells the operation and the noun in the summary, and in the detail the object, the status, the vendor's
// own message, the request, and the next step.
func (f Failure) Diagnostic() diag.Diagnostic {
	paragraphs := make([]string, 0, 4)
	if f.Object != "" {
		paragraphs = append(paragraphs, capitalize(f.Object)+".")
	}
	next := f.Next
	if answer, ok := rest.AsError(f.Err); ok {
		paragraphs = append(paragraphs, describe(answer))
		if next == "" && !outcome.IsUnresolved(f.Err) {
			next = advice(answer)
		}
	} else {
		paragraphs = append(paragraphs, capitalize(f.Err.Error())+"."+answeredTo(f.Err))
		next = cmp.Or(next, f.incomplete())
	}
	if next != "" {
		paragraphs = append(paragraphs, next)
	}
	if left := f.outcome(); left != "" {
		paragraphs = append(paragraphs, left)
	}
	return diag.NewErrorDiagnostic(fmt.Sprintf("Cannot %s %s", f.Operation, f.Noun), strings.Join(paragraphs, "\n\n"))
}

// incomplete is the next step after an answer that lacks what the API promises; "" for other errors. That of a creation
// is told by [Failure.outcome].
func (f Failure) incomplete() string {
	var incomplete *rest.IncompleteError
	if f.Operation == "create" || !errors.As(f.Err, &incomplete) {
		return ""
	}
	return "Run again. If it stays, check that nothing stands between here and the API that changes its answers, and ask whoever operates the system."
}

// outcome tells what is to be done about what the operation may have left behind; "" if that is known.
func (f Failure) outcome() string {
	var unresolved *outcome.UnresolvedError
	var incomplete *rest.IncompleteError
	answer, answered := rest.AsError(f.Err)
	switch {
	case errors.As(f.Err, &unresolved):
		return unresolved.Report()
	case f.Stateless:
		return ""
	case f.Operation == "create" && errors.As(f.Err, &incomplete) && incomplete.Object != "":
		return "It exists, and is in the state as far as it is known. The next apply replaces it."
	case f.Operation == "create" && errors.As(f.Err, &incomplete):
		return "Something was made that cannot be told from other objects. Look in the system before the next apply, and delete it there."
	case !answered || rest.IsLogin(f.Err) || !answer.Written || answer.Cause == nil && answer.Status < http.StatusInternalServerError:
		return ""
	case answer.Method == http.MethodPost:
		return "The request was sent, but no usable answer came back, so it is not known whether it took effect. Look in the system before the next " +
			"apply: what was created there without being in the state must be imported or deleted."
	case answer.Method != http.MethodGet:
		return "The request was sent, but no usable answer came back, so it is not known whether it took effect. The next plan shows what is left to do."
	}
	return ""
}

// Vanished tells why an object leaves the state without anything in the configuration asking for it: it, or what it
// belonged to, was deleted elsewhere. The system's own words tell which.
func Vanished(noun, object string, err error) diag.Diagnostic {
	detail := fmt.Sprintf("%s no longer exists and leaves the state.", capitalize(object))
	if answer, ok := rest.AsError(err); ok && answer.Message != "" {
		detail += fmt.Sprintf("\n\n%s says: %s", answer.System, answer.Message)
	}
	return diag.NewWarningDiagnostic(noun+" was deleted outside Terraform", detail)
}

// answeredTo tells the request that an incomplete answer was to, in a line of its own; "" if it is not known.
func answeredTo(err error) string {
	var incomplete *rest.IncompleteError
	if !errors.As(err, &incomplete) || incomplete.Answered.Method == "" {
		return ""
	}
	text := fmt.Sprintf("\nRequest: %s %s", incomplete.Answered.Method, incomplete.Answered.URL)
	if id := incomplete.Answered.RequestID; id != "" {
		text += ", request id " + id
	}
	return text + "."
}

func describe(answer *rest.Error) string {
	var text strings.Builder
	if answer.Status == 0 {
		fmt.Fprintf(&text, "%s gave no usable answer", answer.System)
	} else {
		fmt.Fprintf(&text, "%s answered with status %d %s", answer.System, answer.Status, http.StatusText(answer.Status))
	}
	if answer.Message != "" {
		fmt.Fprintf(&text, ": %s", strings.TrimRight(answer.Message, "."))
	}
	if answer.Cause != nil {
		fmt.Fprintf(&text, ": %s", answer.Cause)
	}
	fmt.Fprintf(&text, ".\nRequest: %s %s", answer.Method, answer.URL)
	if answer.Attempts > 1 {
		fmt.Fprintf(&text, ", sent %d times", answer.Attempts)
	}
	if answer.RequestID != "" {
		fmt.Fprintf(&text, ", request id %s", answer.RequestID)
	}
	text.WriteString(".")
	return text.String()
}

// advice is the next step that is right for a status wherever it comes from.
func advice(answer *rest.Error) string {
	switch {
	case errors.Is(answer.Cause, context.Canceled) && !answer.Written && !answer.Unsure:
		return "The run was interrupted before the request was sent, so nothing has changed. Run again."
	case rest.IsWebPage(answer):
		return "Check the address in the provider configuration: it must be that of the API."
	case answer.Cause != nil && answer.Status == 0:
		return "Check that the address in the provider configuration is right and that the system can be reached from here."
	case answer.Status == http.StatusUnauthorized:
		return "Check the credential in the provider configuration or the environment: it may be wrong, expired, deactivated or deleted."
	case answer.Status == http.StatusForbidden:
		return "The credential is valid but may not do this. Use one that may, or have its owner granted the permission."
	case answer.Status == http.StatusNotFound:
		return "Check the ids: the object, or what it belongs to, does not exist in this system."
	case answer.Status == http.StatusConflict:
		return "Another object is in the way. Import it, choose another name, or remove it."
	case answer.Status == http.StatusTooManyRequests:
		if answer.RetryAfter > 0 {
			return fmt.Sprintf("Too many requests were sent. The system asks to wait %s. Lower -parallelism, or run again later.", answer.RetryAfter)
		}
		return "Too many requests were sent. Lower -parallelism, or run again later."
	case answer.Status >= http.StatusInternalServerError:
		return "The system failed. Run again later; if it stays, ask whoever operates it and name the request."
	}
	return ""
}

// ClockOffset tells in words how far this machine's clock is from a server's, for a sentence of the form "the clock of
// this machine is ... the server's".
func ClockOffset(ahead time.Duration) string {
	if ahead < 0 {
		return (-ahead).String() + " behind"
	}
	return ahead.String() + " ahead of"
}

func capitalize(text string) string {
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
