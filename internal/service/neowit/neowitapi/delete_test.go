package neowitapi_test

import (
	"strings"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/service/neowit/neowitapi"
)

// A 404 to a delete may come from a wrong address. It is believed if the list confirms it, or, where nothing can be
// read, if it is the API's own.
func TestA404ToADelete(t *testing.T) {
	t.Parallel()
	none := answer{404, missing}
	for name, test := range map[string]struct {
		answer, one, list answer
		gone              bool
	}{
		"gone by the list":                      {answer{404, missing}, none, answer{200, `[` + otherJSON + `]`}, true},
		"gone by the list, with a page":         {answer{404, page}, none, answer{200, `[` + otherJSON + `]`}, true},
		"still there":                           {answer{404, missing}, answer{200, accountJSON}, none, false},
		"still listed":                          {answer{404, missing}, none, answer{200, `[` + accountJSON + `]`}, false},
		"unreadable, in the API's words":        {answer{404, missing}, none, none, false},
		"unreadable, with a page":               {answer{404, page}, none, none, false},
		"unreadable, with an empty body":        {answer{404, ``}, none, none, false},
		"unreadable, in another server's words": {answer{404, `{"message":"no route"}`}, none, none, false},
		"unreadable, with another error":        {answer{404, `{"error":"not found","code":404}`}, none, none, false},
		"unreadable, with a number for status":  {answer{404, `{"error":"Not Found","status":404,"reason":"x"}`}, none, none, false},
		"maybe on another page":                 {answer{404, missing}, none, answer{200, `{"serviceAccounts":[],"next":"2"}`}, false},
		"the list is forbidden":                 {answer{404, missing}, none, answer{403, `{}`}, false},
		"what answers is no list":               {answer{404, missing}, none, answer{200, `{}`}, false},
	} {
		s := serve(t, map[string][]answer{
			"DELETE " + account: {test.answer}, "DELETE " + keys + "/k1": {test.answer}, "GET " + account: {test.one}, "GET " + list: {test.list},
		})
		for _, err := range []error{s.client().DeleteServiceAccount(t.Context(), "", "sa1"), s.client().DeleteKey(t.Context(), "", "sa1", "k1")} {
			if neowitapi.IsGone(err) != test.gone || !neowitapi.IsNotFound(err) || !strings.Contains(err.Error(), "404") {
				t.Errorf("%s: gone %t: %v", name, neowitapi.IsGone(err), err)
			}
		}
	}
}

// A key is gone if its account is there without it.
func TestA404ToTheDeleteOfAKeyOfAnAccountThatIsThere(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string][]answer{"DELETE " + keys + "/k2": {{404, missing}}, "GET " + account: {{200, accountJSON}}})
	if err := s.client().DeleteKey(t.Context(), "", "sa1", "k2"); !neowitapi.IsGone(err) {
		t.Errorf("%v", err)
	}
}

// Right after its creation, a missing key may be one that is not visible yet. It is deleted as soon as it is.
func TestAKeyIsRevokedThatIsNotVisibleYet(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		created time.Time
		gone    bool
		sent    int
	}{
		"young":      {time.Now(), false, 2},
		"old":        {time.Now().Add(-time.Minute), true, 1},
		"of any age": {time.Time{}, true, 1},
	} {
		s := serve(t, map[string][]answer{"DELETE " + keys + "/k2": {{404, missing}, {204, ``}}, "GET " + account: {{200, accountJSON}}})
		err := s.client().RevokeKey(t.Context(), "", "sa1", "k2", test.created)
		if neowitapi.IsGone(err) != test.gone || !test.gone && err != nil || len(s.Requests("DELETE "+keys+"/k2")) != test.sent {
			t.Errorf("%s: %d requests: %v", name, len(s.Requests("DELETE "+keys+"/k2")), err)
		}
	}
}

func TestEverySuccessOfADelete(t *testing.T) {
	t.Parallel()
	for _, success := range []answer{{204, ``}, {200, ``}, {200, `{}`}, {202, ``}} {
		s := serve(t, map[string][]answer{"DELETE " + account: {success}, "DELETE " + keys + "/k1": {success}})
		for _, err := range []error{s.client().DeleteServiceAccount(t.Context(), "", "sa1"), s.client().DeleteKey(t.Context(), "", "sa1", "k1")} {
			if err != nil {
				t.Errorf("%d %q: %v", success.status, success.body, err)
			}
		}
	}
	for _, failure := range []answer{{400, `{"reason":"invalid serviceAccount id"}`}, {403, `{}`}, {405, ``}, {500, `{}`}, {200, page}, {302, ``}} {
		s := serve(t, map[string][]answer{"DELETE " + account: {failure}})
		if err := s.client().DeleteServiceAccount(t.Context(), "", "sa1"); err == nil || neowitapi.IsGone(err) {
			t.Errorf("%d %q: %v", failure.status, failure.body, err)
		}
	}
}

// An error says what the server said, with its hints on fields.
func TestErrorsInTheServersWords(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"reason":"invalid serviceAccount data","status":"bad request","traceID":"t1","validations":{"serviceAccount.name":"required","a":"b"}}`: "bad request: invalid serviceAccount data; a: b; serviceAccount.name: required; trace id t1",
		`{"reason":"invalid space"}`: ": invalid space",
		`{"traceID":"t1"}`:           ": trace id t1",
		`{"error":"invalid_client"}`: ": invalid_client",
		`{"reason":"odd hints","status":"bad request","validations":["name"]}`:     "bad request: odd hints",
		`{"reason":"odd hints","status":"bad request","validations":{"name":[1]}}`: "bad request: odd hints",
		page: "400 Bad Request",
		``:   "400 Bad Request",
	} {
		s := serve(t, map[string][]answer{"DELETE " + account: {{400, body}}})
		if err := s.client().DeleteServiceAccount(t.Context(), "", "sa1"); err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s: %v", body, err)
		}
	}
}
