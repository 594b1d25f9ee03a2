package neowitapi_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
	"github.com/machineid/terraform-provider-machineid/internal/service/neowit/neowitapi"
)

// outcome names what a read ended with.
func outcome(err error) string {
	switch {
	case err == nil:
		return "found"
	case neowitapi.IsGone(err):
		return "gone"
	case errors.Is(err, neowitapi.ErrUnreadable):
		return "unreadable"
	case errors.Is(err, neowitapi.ErrIncompleteList):
		return "incomplete list"
	}
	return "error"
}

// An object is gone only if a complete list lacks it, whichever way the server says that it has no such route.
func TestTheReadAlgorithm(t *testing.T) {
	t.Parallel()
	with, without := answer{200, `[` + otherJSON + `,` + accountJSON + `]`}, answer{200, `[` + otherJSON + `]`}
	for _, refusal := range []answer{{404, missing}, {404, page}, {405, missing}, {405, page}, {501, ``}} {
		for name, test := range map[string]struct {
			one, list answer
			want      string
		}{
			"it is there":                    {answer{200, accountJSON}, refusal, "found"},
			"it is in the list":              {refusal, with, "found"},
			"it is not in the list":          {refusal, without, "gone"},
			"the list is empty":              {refusal, answer{200, `{"serviceAccounts":null}`}, "gone"},
			"there is no list":               {refusal, refusal, "unreadable"},
			"it is on the first page":        {refusal, answer{200, `{"serviceAccounts":[` + accountJSON + `],"next":"2"}`}, "found"},
			"it is not on the first page":    {refusal, answer{200, `{"serviceAccounts":[` + otherJSON + `],"next":"2"}`}, "incomplete list"},
			"what answers is no list":        {refusal, answer{200, `{}`}, "error"},
			"a page answers for the list":    {refusal, answer{200, page}, "error"},
			"the list is forbidden":          {refusal, answer{403, `{"reason":"forbidden"}`}, "error"},
			"the list fails":                 {refusal, answer{500, `{}`}, "error"},
			"the read is forbidden":          {answer{403, `{"reason":"forbidden"}`}, without, "error"},
			"the read is not authorized":     {answer{401, `{"reason":"unauthorized"}`}, without, "error"},
			"the read fails":                 {answer{500, `{}`}, without, "error"},
			"the id is called invalid":       {answer{400, `{"reason":"invalid serviceAccount id"}`}, without, "error"},
			"a page answers for the account": {answer{200, page}, without, "error"},
			"another object answers":         {answer{200, `{"ok":true}`}, without, "error"},
			"nothing answers":                {answer{200, `null`}, without, "error"},
		} {
			t.Run(fmt.Sprintf("%s, %d %s", name, refusal.status, refusal.body), func(t *testing.T) {
				t.Parallel()
				s := serve(t, map[string][]answer{"GET " + account: {test.one}, "GET " + list: {test.list}})
				found, err := s.client().ServiceAccount(t.Context(), "", "sa1", time.Time{})
				if outcome(err) != test.want || (found != nil) != (err == nil) {
					t.Fatalf("%s, want %s: %v, %v", outcome(err), test.want, found, err)
				}
				if found != nil && (found.ID != "sa1" || found.Name != "ci" || !found.EnableBasicAuth || found.Created != 1636044728 || len(found.Keys) != 1) {
					t.Errorf("read %+v", found)
				}
				if lists := len(s.Requests("GET " + list)); (lists > 0) != (test.one.status == refusal.status) {
					t.Errorf("%d lists after status %d", lists, test.one.status)
				}
			})
		}
	}
}

func TestAnAccountMayBeWrapped(t *testing.T) {
	t.Parallel()
	for body, whole := range map[string]bool{
		`{"serviceAccount":` + accountJSON + `}`: true, accountJSON: true,
		`{"serviceAccount":{}}`: false, `{"serviceAccount":null}`: false, `{"account":` + accountJSON + `}`: false,
	} {
		found, err := serve(t, map[string][]answer{"GET " + account: {{200, body}}}).client().ServiceAccount(t.Context(), "", "sa1", time.Time{})
		var incomplete *rest.IncompleteError
		if whole != (err == nil) || whole && (found.Name != "ci" || len(found.Keys) != 1) || !whole && !errors.As(err, &incomplete) {
			t.Errorf("%s: %+v, %v", body, found, err)
		}
	}
}

// What a server leaves out means false and none.
func TestMembersMayBeMissing(t *testing.T) {
	t.Parallel()
	for _, keys := range []string{``, `,"keys":null`, `,"keys":[]`} {
		found, err := serve(t, map[string][]answer{"GET " + account: {{200, `{"id":"sa1","name":"ci","created":1` + keys + `}`}}}).
			client().ServiceAccount(t.Context(), "", "sa1", time.Time{})
		if err != nil || found.EnableBasicAuth || len(found.Keys) != 0 {
			t.Errorf("%q: %+v, %v", keys, found, err)
		}
	}
}

// Once an account was listed that cannot be read, no other one is tried to be read.
func TestThatAccountsCannotBeReadIsRemembered(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string][]answer{"GET " + account: {{404, missing}}, "GET " + list + "/sa2": {{404, missing}}, "GET " + list: {{200, `[` + accountJSON + `]`}}})
	client := s.client()
	for range 3 {
		if _, err := client.ServiceAccount(t.Context(), "", "sa2", time.Time{}); !neowitapi.IsGone(err) {
			t.Errorf("%v", err)
		}
	}
	if asked := len(s.Requests("GET " + list + "/sa2")); asked != 3 {
		t.Errorf("that one account is missing proves nothing: asked %d times, want 3", asked)
	}
	for range 3 {
		if _, err := client.ServiceAccount(t.Context(), "", "sa1", time.Time{}); err != nil {
			t.Error(err)
		}
	}
	if asked := len(s.Requests("GET " + account)); asked != 1 {
		t.Errorf("asked %d times, want 1", asked)
	}
}

// What was just made may be invisible for a moment; later, or if its age is not known, it is gone.
func TestWhatIsYoungIsWaitedFor(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for name, test := range map[string]struct {
		created time.Time
		lists   int
		want    string
	}{
		"of unknown age": {time.Time{}, 1, "gone"},
		"old":            {now.Add(-time.Minute), 1, "gone"},
		"just made":      {now, 2, "found"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string][]answer{"GET " + account: {{404, missing}}, "GET " + list: {{200, `[]`}, {200, `[` + accountJSON + `]`}}})
			_, err := s.client().ServiceAccount(t.Context(), "", "sa1", test.created)
			if outcome(err) != test.want || len(s.Requests("GET "+list)) != test.lists {
				t.Errorf("%d lists, %s: %v", len(s.Requests("GET "+list)), outcome(err), err)
			}
		})
	}
	t.Run("a key", func(t *testing.T) {
		t.Parallel()
		s := serve(t, map[string][]answer{"GET " + account: {{200, `{"id":"sa1","name":"ci"}`}, {200, accountJSON}}})
		if _, err := s.client().Key(t.Context(), "", "sa1", "k1", now); err != nil {
			t.Errorf("a key that the account shows a moment later: %v", err)
		}
	})
}

// An interrupt ends the wait, and then nothing is concluded.
func TestAnInterruptEndsTheWaitForWhatIsYoung(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string][]answer{"GET " + account: {{200, `{"id":"sa1","name":"ci"}`}, {404, missing}}, "GET " + list: {{200, `[]`}}})
	ctx, interrupt := context.WithCancel(t.Context())
	time.AfterFunc(100*time.Millisecond, interrupt)
	_, keyErr := s.client().Key(ctx, "", "sa1", "k1", time.Now())
	_, accountErr := s.client().ServiceAccount(ctx, "", "sa1", time.Now())
	for _, err := range []error{keyErr, accountErr} {
		if neowitapi.IsGone(err) || err == nil {
			t.Errorf("%v", err)
		}
	}
}

// An answer without keys may have lost them.
func TestAnAccountWithoutKeysIsAskedForOnceMore(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answers []answer
		want    string
		asked   int
	}{
		"they were lost":     {[]answer{{200, `{"id":"sa1"}`}, {200, accountJSON}}, "found", 2},
		"they were null":     {[]answer{{200, `{"id":"sa1","keys":null}`}, {200, accountJSON}}, "found", 2},
		"there are none":     {[]answer{{200, `{"id":"sa1"}`}, {200, `{"id":"sa1"}`}}, "gone", 2},
		"an empty list":      {[]answer{{200, `{"id":"sa1","keys":[]}`}}, "gone", 1},
		"another key":        {[]answer{{200, `{"id":"sa1","keys":[{"keyId":"k2"}]}`}}, "gone", 1},
		"then it is refused": {[]answer{{200, `{"id":"sa1"}`}, {403, `{}`}}, "error", 2},
	} {
		s := serve(t, map[string][]answer{"GET " + account: test.answers})
		if _, err := s.client().Key(t.Context(), "", "sa1", "k1", time.Time{}); outcome(err) != test.want || len(s.Requests("GET "+account)) != test.asked {
			t.Errorf("%s: %s after %d requests: %v", name, outcome(err), len(s.Requests("GET "+account)), err)
		}
	}
}

func TestAKeyIsReadWithItsAccount(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		one, list answer
		want      string
	}{
		"it is there":             {answer{200, accountJSON}, answer{404, missing}, "found"},
		"it is in the list":       {answer{404, missing}, answer{200, `[` + accountJSON + `]`}, "found"},
		"the account has another": {answer{200, `{"id":"sa1","keys":[{"keyId":"k2"}]}`}, answer{404, missing}, "gone"},
		"the account has none":    {answer{200, `{"id":"sa1","keys":null}`}, answer{404, missing}, "gone"},
		"the account is gone":     {answer{404, missing}, answer{200, `[` + otherJSON + `]`}, "gone"},
		"nothing can be read":     {answer{404, missing}, answer{404, missing}, "unreadable"},
		"the read is forbidden":   {answer{403, `{}`}, answer{200, `[]`}, "error"},
	} {
		s := serve(t, map[string][]answer{"GET " + account: {test.one}, "GET " + list: {test.list}})
		key, err := s.client().Key(t.Context(), "", "sa1", "k1", time.Time{})
		if outcome(err) != test.want || err == nil && (key.ID != "k1" || key.Created != 1636044729) {
			t.Errorf("%s: %s, want %s: %+v, %v", name, outcome(err), test.want, key, err)
		}
	}
}
