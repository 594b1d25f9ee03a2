package service_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
	"github.com/machineid/terraform-provider-machineid/internal/service"
)

func TestFailureTellsEverything(t *testing.T) {
	t.Parallel()
	answer := func(change func(*rest.Error)) error {
		e := &rest.Error{System: "Vendor", Method: http.MethodPut, URL: "https://vendor.example.com/keys/7", Attempts: 1, Message: "the vendor's words.", RequestID: "request-7"}
		change(e)
		return e
	}
	status := func(code int) error { return answer(func(e *rest.Error) { e.Status = code }) }
	tests := map[string]struct {
		err  error
		next string
		want []string
	}{
		"the answer": {status(418), "", []string{
			"Key \"ci\".", "Vendor answered with status 418 I'm a teapot: the vendor's words.\n",
			"Request: PUT https://vendor.example.com/keys/7, request id request-7.",
		}},
		"advice of the wing": {status(403), "Ask Alice.", []string{"Ask Alice."}},
		"401":                {status(401), "", []string{"wrong, expired, deactivated"}},
		"403":                {status(403), "", []string{"may not do this"}},
		"404":                {status(404), "", []string{"Check the ids"}},
		"409":                {status(409), "", []string{"Import it"}},
		"429":                {status(429), "", []string{"Lower -parallelism"}},
		"429 with a wait":    {answer(func(e *rest.Error) { e.Status, e.RetryAfter = 429, 2*time.Minute }), "", []string{"asks to wait 2m0s"}},
		"503":                {answer(func(e *rest.Error) { e.Status, e.Attempts = 503, 5 }), "", []string{"sent 5 times", "Run again later"}},
		"no answer": {
			answer(func(e *rest.Error) { e.Message, e.Cause = "", errors.New("connection refused") }), "",
			[]string{"gave no usable answer: connection refused", "can be reached"},
		},
		"a lost answer": {
			answer(func(e *rest.Error) { e.Message, e.Written, e.Cause = "", true, errors.New("connection reset") }), "",
			[]string{"gave no usable answer: connection reset", "not known whether it took effect"},
		},
		"a lost answer, for all that the wing advises": {
			answer(func(e *rest.Error) { e.Message, e.Written, e.Cause = "", true, errors.New("connection reset") }), "Ask Alice.",
			[]string{"Ask Alice.", "not known whether it took effect", "The next plan shows"},
		},
		"a creation that the system failed at": {
			answer(func(e *rest.Error) { e.Method, e.Status, e.Written = http.MethodPost, 500, true }), "",
			[]string{"not known whether it took effect", "imported or deleted"},
		},
		"a login that failed": {
			&rest.LoginError{Cause: answer(func(e *rest.Error) { e.Method, e.Status, e.Written = http.MethodPost, 500, true })}, "",
			[]string{"status 500"},
		},
		"an unusable answer": {
			answer(func(e *rest.Error) { e.Status, e.Message, e.Cause = 200, "", errors.New("the reply is a web page") }), "",
			[]string{"status 200 OK: the reply is a web page."},
		},
		"an incomplete answer": {
			rest.Answered{Method: http.MethodGet, URL: "https://vendor.example.com/keys/7", RequestID: "request-7"}.Of(&rest.IncompleteError{System: "Vendor", Noun: "key", Missing: "id"}), "",
			[]string{"The answer of Vendor about the key lacks its id.\nRequest: GET https://vendor.example.com/keys/7, request id request-7."},
		},
		"another error": {errors.New("something else"), "", []string{"Something else."}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := service.Failure{Operation: "update", Noun: "Vendor key", Object: `key "ci"`, Err: test.err, Next: test.next}.Diagnostic()
			if got.Summary() != "Cannot update Vendor key" {
				t.Errorf("summary %q", got.Summary())
			}
			for _, want := range test.want {
				if !strings.Contains(got.Detail(), want) {
					t.Errorf("the detail lacks %q:\n%s", want, got.Detail())
				}
			}
		})
	}
}

// Of what is in no state, no plan shows anything.
func TestFailureOfWhatIsInNoState(t *testing.T) {
	t.Parallel()
	lost := &rest.Error{System: "Vendor", Method: http.MethodDelete, Written: true, Cause: errors.New("connection reset")}
	got := service.Failure{Operation: "revoke", Noun: "ephemeral Vendor key", Err: lost, Next: service.StillThere("key", "vendor_keys", "Ask Alice."), Stateless: true}.Diagnostic()
	if detail := got.Detail(); strings.Contains(detail, "next plan") || !strings.Contains(detail, "Ask Alice.\n\nIt is in no state") || !strings.Contains(detail, "the data source vendor_keys lists it") {
		t.Error(detail)
	}
}
