package credential_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/credential"
)

func TestRefreshIsNotedByTheHour(t *testing.T) {
	t.Parallel()
	s := &system{private: map[string][]byte{}}
	if noted, diags := credential.LatestRefresh(t.Context(), s); !noted.At.IsZero() || noted.Found != "" || len(diags) > 0 {
		t.Errorf("without a refresh: %v, %v", noted, diags)
	}
	at := time.Date(2026, 7, 1, 12, 59, 59, 0, time.FixedZone("", 3600))
	if diags := (credential.Refresh{At: at, Found: credential.Refused}).Note(t.Context(), s); len(diags) > 0 {
		t.Fatal(diags)
	}
	noted, diags := credential.LatestRefresh(t.Context(), s)
	if want := time.Date(2026, 7, 1, 11, 0, 0, 0, time.UTC); !noted.At.Equal(want) || noted.Found != credential.Refused || len(diags) > 0 {
		t.Errorf("%v, %v, want %s", noted, diags, want)
	}
	s.private["refresh"] = []byte(`"odd"`)
	if _, diags := credential.LatestRefresh(t.Context(), s); !diags.HasError() {
		t.Error("a note that cannot be read is taken for none")
	}
}

func TestInspect(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	old, young := now.Add(-time.Hour), now.Add(-time.Minute)
	failed := errors.New("no answer")
	tests := map[string]struct {
		off, noSecret bool
		issued        time.Time
		accepted      bool
		mood          bool // refuses only the first login
		err           error
		owner         func(context.Context) (bool, error)
		found         credential.Finding
		told          string
	}{
		"not asked for":            {off: true, issued: old},
		"no secret":                {noSecret: true, issued: old},
		"accepted":                 {issued: old, accepted: true},
		"refused":                  {issued: old, found: credential.Refused},
		"refused once":             {issued: old, mood: true},
		"refused, a minute old":    {issued: young},
		"no answer":                {issued: old, err: failed, told: "Warning: Key could not be verified"},
		"the owner is active":      {issued: old, owner: func(context.Context) (bool, error) { return true, nil }, found: credential.Refused},
		"the owner is not active":  {issued: old, owner: func(context.Context) (bool, error) { return false, nil }, found: credential.OwnerDeactivated},
		"of the owner, no answer":  {issued: old, owner: func(context.Context) (bool, error) { return false, failed }, told: "Warning: Key could not be verified"},
		"accepted, owner not read": {issued: old, accepted: true, owner: func(context.Context) (bool, error) { return false, failed }},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			secret, asked := types.StringValue("s"), 0
			if test.noSecret {
				secret = types.StringNull()
			}
			found, diags := credential.Upkeep{VerifyOnRefresh: types.BoolValue(!test.off)}.Inspect(t.Context(), credential.Inspection{
				Noun: "Key", Object: "key 7", Secret: secret, Issued: test.issued, Now: now, OwnerActive: test.owner,
				Verify: func(context.Context) (bool, error) {
					asked++
					return test.accepted || test.mood && asked > 1, test.err
				},
			})
			if found != test.found || summaries(diags) != test.told || (asked == 0) != (test.off || test.noSecret) {
				t.Errorf("found %q, told %q, asked %d times", found, summaries(diags), asked)
			}
		})
	}
}
