package neowitapi_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
	"github.com/machineid/terraform-provider-machineid/internal/service/neowit/neowitapi"
)

func listed(t *testing.T, given answer) ([]neowitapi.ServiceAccount, error) {
	t.Helper()
	return serve(t, map[string][]answer{"GET " + list: {given}}).client().ServiceAccounts(t.Context(), "")
}

func TestEverySpellingOfAList(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]int{
		`[` + accountJSON + `,` + otherJSON + `]`: 2,
		`[]`: 0,
		`{"serviceAccounts":[` + accountJSON + `]}`:                                              1,
		`{"serviceAccounts":[]}`:                                                                 0,
		`{"serviceAccounts":null}`:                                                               0,
		`{"items":[` + accountJSON + `],"total":1}`:                                              1,
		`{"items":[` + accountJSON + `],"others":[]}`:                                            1,
		`{"serviceAccounts":[` + accountJSON + `],"warnings":["a","b"]}`:                         1,
		`{"serviceAccounts":[` + accountJSON + `],"nextPageToken":"","next":null}`:               1,
		`{"serviceAccounts":[{"id":"sa1","name":"ci","keys":null,"more":{"nested":[1]}}],"x":1}`: 1,
	} {
		accounts, err := listed(t, answer{200, body})
		if err != nil || len(accounts) != want {
			t.Errorf("%s: %v, %v", body, accounts, err)
			continue
		}
		if want > 0 && (accounts[0].ID != "sa1" || accounts[0].Name != "ci") {
			t.Errorf("%s: read %+v", body, accounts[0])
		}
	}
}

// What is no list, or no whole one, must never be taken for one that lacks an account.
func TestListsThatAreNone(t *testing.T) {
	t.Parallel()
	var incomplete *rest.IncompleteError
	for _, body := range []string{
		`{}`, `null`, `"text"`, `17`, `true`, `{"ok":true}`, `{"items":null}`,
		`{"items":[],"other":{}}`, `{"accounts":null,"warnings":[]}`, `{"data":{"serviceAccounts":[` + accountJSON + `]},"errors":[]}`, `{"a":[],"b":[]}`,
		`{"items":[` + accountJSON + `],"others":[` + accountJSON + `]}`,
		`{"serviceAccounts":"none"}`, `{"serviceAccounts":{}}`, `{"tags":["a"]}`,
		`[{"name":"without an id"}]`, `[null]`, `["sa1"]`, `[{"id":17}]`, `{"serviceAccounts":[{"id":""}]}`,
		`[{"id":"sa1","created":"yesterday"}]`,
	} {
		accounts, err := listed(t, answer{200, body})
		if !errors.As(err, &incomplete) || accounts != nil || errors.Is(err, neowitapi.ErrUnreadable) || neowitapi.IsGone(err) {
			t.Errorf("%s: %v, %v", body, accounts, err)
		}
	}
	for status, body := range map[int]string{200: page, 403: `{"reason":"forbidden"}`, 500: `{}`, 302: `{}`} {
		if accounts, err := listed(t, answer{status, body}); err == nil || accounts != nil || errors.Is(err, neowitapi.ErrUnreadable) {
			t.Errorf("%d %s: %v, %v", status, body, accounts, err)
		}
	}
	for _, status := range []int{404, 405, 501} {
		if _, err := listed(t, answer{status, page}); !errors.Is(err, neowitapi.ErrUnreadable) {
			t.Errorf("%d: %v", status, err)
		}
	}
}

func TestListsWithAnotherPage(t *testing.T) {
	t.Parallel()
	for _, member := range []string{`"nextPageToken":"two"`, `"nextCursor":"two"`, `"next":"https://example.com/two"`, `"next":2`, `"next":{"page":2}`} {
		accounts, err := listed(t, answer{200, `{"serviceAccounts":[` + accountJSON + `],` + member + `}`})
		if !errors.Is(err, neowitapi.ErrIncompleteList) || len(accounts) != 1 {
			t.Errorf("%s: %v, %v", member, accounts, err)
		}
	}
}

// A moment is a number of seconds, in any spelling of a number.
func TestEverySpellingOfAMoment(t *testing.T) {
	t.Parallel()
	moment := time.Date(2021, 11, 4, 16, 52, 8, 0, time.UTC)
	for spelling, want := range map[string]time.Time{
		`1636044728`: moment, `1636044728.0`: moment, `1636044728.9`: moment, `1.636044728e9`: moment, `"1636044728"`: moment, `"1636044728.5"`: moment,
		`null`: {}, `0`: {},
	} {
		accounts, err := listed(t, answer{200, `[{"id":"sa1","created":` + spelling + `,"keys":[{"keyId":"k1","created":` + spelling + `}]}]`})
		if err != nil || !accounts[0].Created.Time().Equal(want) || !accounts[0].Keys[0].Created.Time().Equal(want) {
			t.Errorf("%s: %+v, %v", spelling, accounts, err)
		}
	}
	for _, spelling := range []string{`true`, `[]`, `{}`, `"today"`, `""`} {
		if _, err := listed(t, answer{200, `[{"id":"sa1","created":` + spelling + `}]`}); err == nil || !strings.Contains(err.Error(), "cannot be read as a whole") {
			t.Errorf("%s: %v", spelling, err)
		}
	}
}

// A list that has more pages, wherever it says so, does not prove that an account is missing.
func TestListsWithMorePages(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"serviceAccounts":[],"nextPageToken":"2"}`, `{"serviceAccounts":[],"next":17}`, `{"serviceAccounts":[],"pagination":{"next":"2"}}`,
		`{"items":[` + accountJSON + `],"meta":{"page":{"nextCursor":"x"}}}`,
	} {
		if _, err := listed(t, answer{200, body}); !errors.Is(err, neowitapi.ErrIncompleteList) {
			t.Errorf("%s: %v", body, err)
		}
	}
}

// The account that was asked for is the one that is read, and no other.
func TestAnotherAccountIsRefused(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string][]answer{"GET " + list + "/sa1": {{200, `{"id":"other","name":"ci"}`}}})
	if found, err := s.client().ServiceAccount(t.Context(), "", "sa1", time.Time{}); err == nil || neowitapi.IsGone(err) {
		t.Errorf("%v, %v", found, err)
	}
}
