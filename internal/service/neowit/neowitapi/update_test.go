package neowitapi_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/service/neowit/neowitapi"
)

var wanted = neowitapi.ServiceAccountFields{Name: "ci", EnableBasicAuth: true}

// By which method an account is changed is found out, and remembered.
func TestTheMethodOfAnUpdateIsFoundOnce(t *testing.T) {
	t.Parallel()
	read := answer{200, accountJSON}
	for _, refusal := range []answer{{404, missing}, {404, page}, {405, missing}, {405, page}, {501, ``}} {
		for _, reply := range []answer{{200, accountJSON}, {200, ``}, {204, ``}} {
			for name, test := range map[string]struct {
				patch, put    answer
				patches, puts int // after two updates
				known         bool
			}{
				"PATCH":   {reply, refusal, 2, 0, true},
				"PUT":     {refusal, reply, 1, 2, true},
				"neither": {refusal, refusal, 2, 2, false},
			} {
				t.Run(fmt.Sprintf("%s, %d %s, %d %s", name, refusal.status, refusal.body, reply.status, reply.body), func(t *testing.T) {
					t.Parallel()
					s := serve(t, map[string][]answer{"PATCH " + account: {test.patch}, "PUT " + account: {test.put}, "GET " + account: {read}})
					client := s.client()
					for range 2 {
						if err := client.UpdateServiceAccount(t.Context(), "", "sa1", wanted); test.known != (err == nil) || !test.known && !errors.Is(err, neowitapi.ErrNoUpdate) {
							t.Errorf("%v", err)
						}
					}
					patches, puts := s.Requests("PATCH "+account), s.Requests("PUT "+account)
					if len(patches) != test.patches || len(puts) != test.puts {
						t.Errorf("%d times PATCH and %d times PUT, want %d and %d", len(patches), len(puts), test.patches, test.puts)
					}
					for _, sent := range append(patches, puts...) {
						if sent.Body != `{"name":"ci","enableBasicAuth":true}` || sent.ContentType != "application/json" {
							t.Errorf("sent %+v", sent)
						}
					}
				})
			}
		}
	}
}

// A missing account looks like a missing method, and must not be put in place anew.
func TestAnUpdateOfAMissingAccount(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		list answer
		want string
		puts int
	}{
		"by the list":                {answer{200, `[` + otherJSON + `]`}, "gone", 0},
		"by nothing":                 {answer{404, missing}, "found", 1},
		"maybe on another page":      {answer{200, `{"serviceAccounts":[],"next":"2"}`}, "incomplete list", 0},
		"what answers is no list":    {answer{200, `{}`}, "error", 0},
		"the list is not authorized": {answer{401, `{}`}, "error", 0},
	} {
		s := serve(t, map[string][]answer{
			"PATCH " + account: {{404, missing}}, "PUT " + account: {{200, ``}}, "GET " + account: {{404, missing}, {200, accountJSON}}, "GET " + list: {test.list},
		})
		err := s.client().UpdateServiceAccount(t.Context(), "", "sa1", wanted)
		if outcome(err) != test.want || len(s.Requests("PUT "+account)) != test.puts {
			t.Errorf("%s: %s with %d times PUT: %v", name, outcome(err), len(s.Requests("PUT "+account)), err)
		}
	}
}

// A 405 tells of the method alone, so nothing has to be read to try the other.
func TestAMethodThatIsNotAllowedProvesItself(t *testing.T) {
	t.Parallel()
	for _, status := range []int{405, 501} {
		s := serve(t, map[string][]answer{
			"PATCH " + account: {{status, missing}}, "PUT " + account: {{204, ``}}, "GET " + account: {{200, accountJSON}},
		})
		if err := s.client().UpdateServiceAccount(t.Context(), "", "sa1", wanted); err != nil || len(s.Requests("GET "+account)) != 1 {
			t.Errorf("%d: %d reads, %v", status, len(s.Requests("GET "+account)), err)
		}
	}
}

// Errors that are about the change end it: another method would change nothing about them.
func TestUpdatesThatAreRefused(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 401, 403, 409, 500} {
		s := serve(t, map[string][]answer{"PATCH " + account: {{status, `{"reason":"no"}`}}})
		if err := s.client().UpdateServiceAccount(t.Context(), "", "sa1", wanted); err == nil || len(s.Requests("PUT "+account)) != 0 {
			t.Errorf("%d: %v, %d times PUT", status, err, len(s.Requests("PUT "+account)))
		}
	}
}

// An accepted update is read back: a server may take the method for something else.
func TestUpdatesAreReadBack(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		read, list answer
		want       string // in the error
	}{
		"the name is not changed":           {answer{200, `{"id":"sa1","name":"old","enableBasicAuth":true}`}, answer{404, missing}, `name "old" and enable_basic_auth true in place of "ci" and true`},
		"the name was trimmed":              {answer{200, `{"id":"sa1","name":"ci ","enableBasicAuth":true}`}, answer{404, missing}, `name "ci "`},
		"enable_basic_auth is not changed":  {answer{200, `{"id":"sa1","name":"ci"}`}, answer{404, missing}, "enable_basic_auth false"},
		"by the list, it is not changed":    {answer{404, missing}, answer{200, `[{"id":"sa1","name":"ci"}]`}, "enable_basic_auth false"},
		"nothing can be read":               {answer{404, missing}, answer{404, missing}, "no way to read"},
		"it is gone":                        {answer{404, missing}, answer{200, `[]`}, "not among what the server lists"},
		"it is changed":                     {answer{200, accountJSON}, answer{404, missing}, ""},
		"it is changed, and read by a list": {answer{404, missing}, answer{200, `[` + accountJSON + `]`}, ""},
	} {
		s := serve(t, map[string][]answer{"PATCH " + account: {{200, `{"id":"sa1","name":"ci","enableBasicAuth":true}`}}, "GET " + account: {test.read}, "GET " + list: {test.list}})
		err := s.client().UpdateServiceAccount(t.Context(), "", "sa1", wanted)
		if (test.want == "") != (err == nil) || !strings.Contains(errorText(err), test.want) {
			t.Errorf("%s: %v", name, err)
		}
		var unchanged *neowitapi.UnchangedError
		if errors.As(err, &unchanged) != strings.Contains(test.want, "in place of") && strings.Contains(test.want, "in place of") {
			t.Errorf("%s: %v is no *UnchangedError", name, err)
		}
	}
}
