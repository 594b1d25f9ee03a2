package keycardapi_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/service/keycard/keycardapi"
)

// outcome names what a call ended with.
func outcome(err error) string {
	switch {
	case err == nil:
		return "done"
	case keycardapi.IsAccountGone(err) && keycardapi.IsGone(err):
		return "account gone"
	case keycardapi.IsAccountGone(err) || keycardapi.IsGone(err) && errors.Is(err, keycardapi.ErrUnproven):
		return "nonsense"
	case keycardapi.IsGone(err):
		return "gone"
	case errors.Is(err, keycardapi.ErrUnproven):
		return "unproven"
	case errors.Is(err, keycardapi.ErrNotVisibleYet):
		return "not visible yet"
	}
	return "error"
}

// Every way to say that something is not there.
var refusals = []answer{{404, missing}, {404, page}, {404, ``}, {404, `404 page not found`}}

// What is not found is gone only if the list that it would be in is there.
func TestA404IsConfirmedByTheList(t *testing.T) {
	t.Parallel()
	for _, none := range refusals {
		for name, test := range map[string]struct {
			list answer
			want string
			text string // in the error
		}{
			"the list is there":       {answer{200, `{"items":[` + accountJSON + `],"page_info":{"has_next_page":true,"end_cursor":"x"}}`}, "gone", "404"},
			"the list is empty":       {answer{200, emptyList}, "gone", "404"},
			"there is no list":        {none, "unproven", "404"},
			"what answers is no list": {answer{200, `{}`}, "error", "lacks its items"},
			"a page answers":          {answer{200, page}, "error", "web page"},
			"the list is forbidden":   {answer{403, `{}`}, "error", "403"},
			"the list fails":          {answer{500, `{}`}, "error", "500"},
		} {
			for _, call := range accountCall {
				s := serve(t, map[string][]answer{call.route: {none}, "GET " + accounts: {test.list}})
				if err := call.do(t, s.client()); outcome(err) != test.want || !strings.Contains(errorText(err), test.text) {
					t.Errorf("%s, %s after %q: %s, want %s: %v", call.route, name, none.body, outcome(err), test.want, err)
				}
				if lists := s.Requests("GET " + accounts); len(lists) != 1 || lists[0].Query != "limit=1" {
					t.Errorf("%s, %s: lists %+v", call.route, name, lists)
				}
			}
		}
	}
}

// A credential may be missing with its whole account.
func TestA404AboutACredential(t *testing.T) {
	t.Parallel()
	for _, none := range refusals {
		for name, test := range map[string]struct {
			credentials, accounts answer
			one                   string // what a credential is
			below                 string // what something else in its account is
		}{
			"its account is there":           {answer{200, emptyList}, answer{418, ``}, "gone", ""},
			"its account is gone":            {none, answer{200, emptyList}, "account gone", "gone"},
			"the organization is missing":    {none, none, "unproven", "unproven"},
			"the account's list is none":     {answer{200, `{}`}, answer{200, emptyList}, "error", ""},
			"the account is forbidden":       {answer{403, `{}`}, answer{200, emptyList}, "error", ""},
			"the organization's is none":     {none, answer{200, `{}`}, "error", "error"},
			"the organization is forbidden":  {none, answer{403, `{}`}, "error", "error"},
			"a page answers for the account": {answer{200, page}, answer{200, emptyList}, "error", ""},
		} {
			for i, made := range slices.Concat(credentialCall, inAccountCall) {
				want := test.one
				if i >= len(credentialCall) {
					want = test.below
				}
				if want == "" {
					continue
				}
				answers := map[string][]answer{"GET " + credentials: {test.credentials}, "GET " + accounts: {test.accounts}}
				answers[made.route] = []answer{none}
				if err := made.do(t, serve(t, answers).client()); outcome(err) != want {
					t.Errorf("%s, %s after %q: %s, want %s: %v", made.route, name, none.body, outcome(err), want, err)
				}
			}
		}
	}
}

// A list that was seen stays; one that was not is asked for again.
func TestAListIsSeenOnce(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string][]answer{
		"GET " + account: {{404, missing}}, "GET " + credential: {{404, missing}},
		"GET " + accounts: {{404, missing}, {403, `{}`}, {200, emptyList}, {500, `{}`}}, "GET " + credentials: {{200, emptyList}, {500, `{}`}},
	})
	client := s.client()
	for i, want := range []string{"unproven", "error", "gone", "gone", "gone"} {
		if err := accountCall[0].do(t, client); outcome(err) != want {
			t.Errorf("read %d: %s, want %s: %v", i+1, outcome(err), want, err)
		}
	}
	for range 3 {
		if err := credentialCall[0].do(t, client); outcome(err) != "gone" {
			t.Errorf("%s: %v", outcome(err), err)
		}
	}
	if ofOrganization, ofAccount := len(s.Requests("GET "+accounts)), len(s.Requests("GET "+credentials)); ofOrganization != 3 || ofAccount != 1 {
		t.Errorf("%d lists of accounts and %d of credentials, want 3 and 1", ofOrganization, ofAccount)
	}
}

// Nothing is concluded about an object from what another server says.
func TestAWrongAddressProvesNothing(t *testing.T) {
	t.Parallel()
	for _, given := range []answer{{200, `{}`}, {200, page}, {404, page}, {404, `{"error":"no route"}`}, {404, ``}, {302, ``}, {405, ``}, {501, page}} {
		for _, call := range everyCall {
			if given.body == `{}` && !strings.HasPrefix(call.route, "GET") && !strings.HasPrefix(call.route, "POST") {
				continue // an answer to these has nothing that must be in it
			}
			answers := map[string][]answer{}
			for _, other := range everyCall {
				answers[other.route] = []answer{given}
			}
			if err := call.do(t, serve(t, answers).client()); err == nil || keycardapi.IsGone(err) {
				t.Errorf("%s, %d %q: %v", call.route, given.status, given.body, err)
			}
		}
	}
}

// What was asked for is what is read, and nothing else.
func TestAnotherObjectIsRefused(t *testing.T) {
	t.Parallel()
	const other = `{"id":"x","client_id":"x","label":"x","name":"x"}`
	s := serve(t, map[string][]answer{"GET " + account: {{200, other}}, "GET " + credential: {{200, other}}, "GET " + organization: {{200, other}}})
	for _, call := range everyCall {
		if len(s.answers[call.route]) == 0 {
			continue
		}
		if err := call.do(t, s.client()); !strings.Contains(errorText(err), "has another one") {
			t.Errorf("%s: %v", call.route, err)
		}
	}
	if len(s.Requests("GET "+account)) == 0 {
		t.Error("nothing was asked for")
	}
}
