package neowitapi_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/service/neowit/neowitapi"
)

// Keys of an account are read by one read of it, and what that lacks is gone.
func TestKeysAreReadTogether(t *testing.T) {
	t.Parallel()
	const both = `{"id":"sa1","keys":[{"keyId":"k1","created":1636044729},{"keyId":"k2","created":1636044730},{"keyId":"k3"}]}`
	for name, test := range map[string]struct {
		one, list answer
		want      []string
		outcome   string
	}{
		"both are there":        {answer{200, both}, answer{404, missing}, []string{"k1", "k2"}, "found"},
		"both are in the list":  {answer{404, missing}, answer{200, `[` + both + `]`}, []string{"k1", "k2"}, "found"},
		"one is there":          {answer{200, accountJSON}, answer{404, missing}, []string{"k1"}, "found"},
		"none is there":         {answer{200, `{"id":"sa1","keys":[]}`}, answer{404, missing}, nil, "found"},
		"the account is gone":   {answer{404, missing}, answer{200, `[` + otherJSON + `]`}, nil, "gone"},
		"nothing can be read":   {answer{404, missing}, answer{404, missing}, nil, "unreadable"},
		"the read is forbidden": {answer{403, `{}`}, answer{200, `[]`}, nil, "error"},
	} {
		s := serve(t, map[string][]answer{"GET " + account: {test.one}, "GET " + list: {test.list}})
		found, err := s.client().Keys(t.Context(), "", "sa1", map[string]time.Time{"k1": {}, "k2": {}})
		if got := slices.Sorted(maps.Keys(found)); !slices.Equal(got, test.want) || outcome(err) != test.outcome {
			t.Errorf("%s: %v, %s: %v", name, got, outcome(err), err)
		}
		if errors.Is(err, neowitapi.ErrAccountGone) != (test.outcome == "gone") {
			t.Errorf("%s: %v", name, err)
		}
		if asked := len(s.Requests("GET " + account)); asked != 1 {
			t.Errorf("%s: the account was read %d times", name, asked)
		}
	}
}

// The youngest that is missing is waited for, and not the others.
func TestOnlyAYoungKeyIsWaitedFor(t *testing.T) {
	t.Parallel()
	now := time.Now()
	first, second := answer{200, `{"id":"sa1","keys":[{"keyId":"k1"}]}`}, answer{200, `{"id":"sa1","keys":[{"keyId":"k1"},{"keyId":"k2"}]}`}
	for name, test := range map[string]struct {
		wanted map[string]time.Time
		reads  int
	}{
		"the young one is missing": {map[string]time.Time{"k1": {}, "k2": now}, 2},
		"an old one is missing":    {map[string]time.Time{"k1": now, "k2": now.Add(-time.Hour)}, 1},
	} {
		s := serve(t, map[string][]answer{"GET " + account: {first, second}})
		found, err := s.client().Keys(t.Context(), "", "sa1", test.wanted)
		if reads := len(s.Requests("GET " + account)); err != nil || reads != test.reads || len(found) != test.reads {
			t.Errorf("%s: %d keys after %d reads: %v", name, len(found), reads, err)
		}
	}
	s := serve(t, map[string][]answer{"GET " + account: {first}})
	ctx, interrupt := context.WithCancel(t.Context())
	time.AfterFunc(100*time.Millisecond, interrupt)
	if _, err := s.client().Keys(ctx, "", "sa1", map[string]time.Time{"k1": {}, "k2": time.Now()}); !errors.Is(err, neowitapi.ErrNotVisibleYet) {
		t.Errorf("a key that is waited for no longer: %v", err)
	}
}
