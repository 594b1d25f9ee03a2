package keycardapi_test

import (
	"slices"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/service/keycard/keycardapi"
)

// An error says what the server said, whichever way it said it.
func TestErrorsInTheServersWords(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"message":"no such name","code":"conflict","status":409}`:           "409 Conflict: conflict: no such name",
		`{"message":"no such name","code":1234,"status":"409"}`:               "409 Conflict: 1234: no such name",
		`{"message":"no such name","code":null}`:                              "409 Conflict: no such name",
		`{"message":"no such name","code":{"a":[1]}}`:                         "409 Conflict: no such name",
		`{"message":"no such name"}`:                                          "409 Conflict: no such name",
		`{"code":"conflict","status":409}`:                                    "409 Conflict: conflict",
		`{"error":"invalid_client","error_description":"no such client"}`:     "409 Conflict: invalid_client: no such client",
		`{"error":"invalid_client"}`:                                          "409 Conflict: invalid_client",
		`{"error":{"message":"nested"},"error_description":"no such client"}`: "409 Conflict: no such client",
		`{"statusCode":409,"error":"Conflict","message":"no such name"}`:      "409 Conflict: Conflict: no such name",
		"  no such name\n":         "409 Conflict: no such name",
		`upstream: {"cut": `:       "409 Conflict: upstream: {\"cut\":",
		page:                       "409 Conflict",
		"\n" + page:                "409 Conflict",
		``:                         "409 Conflict",
		`{}`:                       "409 Conflict",
		`null`:                     "409 Conflict",
		`[]`:                       "409 Conflict",
		`{"message":["a list"]}`:   "409 Conflict",
		`{"unknown":"words only"}`: "409 Conflict",
	} {
		for _, call := range deletes() {
			s := serve(t, map[string][]answer{call.route: {{409, body}}})
			if err := call.do(t, s.client()); !hasSuffix(err, want) || !keycardapi.IsConflict(err) {
				t.Errorf("%s: %q: %v", call.route, body, err)
			}
		}
	}
}

// What an error means is told by its status.
func TestTheMeaningOfAStatus(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		status  int
		meaning func(error) bool
	}{
		{400, keycardapi.IsInvalid},
		{422, keycardapi.IsInvalid},
		{401, keycardapi.IsUnauthorized},
		{403, keycardapi.IsForbidden},
		{404, keycardapi.IsNotFound},
		{409, keycardapi.IsConflict},
		{418, func(error) bool { return true }},
	} {
		s := serve(t, map[string][]answer{"DELETE " + account: {{test.status, `{}`}}, "GET " + accounts: {{200, emptyList}}})
		err := accountCall[2].do(t, s.client())
		others := []func(error) bool{keycardapi.IsInvalid, keycardapi.IsUnauthorized, keycardapi.IsForbidden, keycardapi.IsNotFound, keycardapi.IsConflict, keycardapi.IsLogin, keycardapi.IsLoginRefused}
		holding := slices.DeleteFunc(others, func(meaning func(error) bool) bool { return !meaning(err) })
		if want := map[bool]int{true: 0, false: 1}[test.status == 418]; !test.meaning(err) || len(holding) != want {
			t.Errorf("%d: %d meanings: %v", test.status, len(holding), err)
		}
	}
}
