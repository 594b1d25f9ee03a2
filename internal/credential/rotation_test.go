package credential_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/credential"
	"github.com/machineid/terraform-provider-machineid/internal/outcome"
)

var errGone = errors.New("gone")

// system is one that a rotation changes, and what was done to it in order.
type system struct {
	did []string
	// breaks are operations that fail, as they are noted in did.
	breaks map[string]error
	// made is what a creation answers, "" for nothing.
	made string
	// refuses has every login refused, and dead that of the current credential.
	refuses, dead bool
	private       map[string][]byte
	// put is the last of what was put into the response.
	put credential.Rotating
}

func (s *system) do(what string) error {
	s.did = append(s.did, what)
	return s.breaks[what]
}

// SetKey implements the writer of private state.
func (s *system) SetKey(_ context.Context, key string, value []byte) diag.Diagnostics {
	s.private[key] = value
	return nil
}

// GetKey implements the reader of private state.
func (s *system) GetKey(_ context.Context, key string) ([]byte, diag.Diagnostics) {
	return s.private[key], nil
}

func (s *system) rotation() credential.Rotation {
	return credential.Rotation{
		Noun: "Key", Form: form, Private: s,
		Now:  func() time.Time { return after(91, 0) },
		Gone: func(err error) bool { return errors.Is(err, errGone) },
		Make: func(context.Context) (*credential.Held, error) {
			err := s.do("make")
			if s.made == "" {
				return nil, err
			}
			return &credential.Held{ID: text(s.made), Secret: text("s2"), Created: text("2026-04-02T00:00:00Z")}, err
		},
		Verify: func(_ context.Context, held credential.Held) (bool, error) {
			return !s.refuses && (!s.dead || held.ID.ValueString() != "now"), s.do("verify " + held.ID.ValueString())
		},
		Revoke: func(_ context.Context, held credential.Held) error { return s.do("revoke " + held.ID.ValueString()) },
		Failure: func(operation string, held credential.Held, err error, _ string) diag.Diagnostic {
			return diag.NewErrorDiagnostic("Cannot "+operation, fmt.Sprint(held.ID.ValueString(), err))
		},
		Put: func(now credential.Rotating) diag.Diagnostics {
			s.put = now
			_ = s.do(fmt.Sprintf("put %s %s", credential.HeldIn(now.Current).ID.ValueString(), credential.HeldIn(now.Previous).ID.ValueString()))
			return nil
		},
	}
}

// TestRotation tells in which order things happen, and what stays if one of them fails.
func TestRotation(t *testing.T) {
	t.Parallel()
	over, failure := "2026-01-08T10:00:30Z", errors.New("broken")
	tests := map[string]struct {
		previous  string
		step      credential.Step
		leftovers []credential.Leftover
		breaks    map[string]error
		made      string
		refuses   bool
		dead      bool
		unproven  bool
		wary      bool
		used      string

		did, told, left string
	}{
		"a rotation": {
			step: credential.Step{Rotate: true}, made: "next",
			did: "make; put next now; verify next",
		},
		"a rotation without proof": {
			step: credential.Step{Rotate: true}, made: "next", unproven: true, refuses: true,
			did: "make; put next now",
		},
		"a retirement": {
			previous: over, step: credential.Step{Retire: true},
			did: "revoke then; put now ; put now ",
		},
		"a retirement of what is gone": {
			previous: over, step: credential.Step{Retire: true}, breaks: map[string]error{"revoke then": errGone},
			did: "revoke then; put now ; put now ",
		},
		"a retirement that fails": {
			previous: over, step: credential.Step{Retire: true}, breaks: map[string]error{"revoke then": failure},
			did: "revoke then", told: "Error: Cannot revoke the previous",
		},
		"both": {
			previous: over, step: credential.Step{Rotate: true, Retire: true}, made: "next",
			did: "revoke then; put now ; make; put next now; verify next",
		},
		"nothing is made": {
			previous: over, step: credential.Step{Rotate: true, Retire: true}, breaks: map[string]error{"make": failure},
			did: "revoke then; put now ; make", told: "Error: Cannot create the next",
		},
		"what is made is incomplete": {
			step: credential.Step{Rotate: true}, made: "half", breaks: map[string]error{"make": failure},
			did: "make; revoke half", told: "Error: Cannot create the next",
		},
		"what is made is lost": {
			step: credential.Step{Rotate: true}, made: "found", breaks: map[string]error{"make": &outcome.UnresolvedError{Cause: failure, Taken: "found"}},
			did: "make", told: "Error: Cannot create the next", left: `[{"id":"found","found":true}]`,
		},
		"what is made is lost, and the current one looks like it": {
			step: credential.Step{Rotate: true}, made: "now", breaks: map[string]error{"make": &outcome.UnresolvedError{Cause: failure, Taken: "now"}},
			did: "make", told: "Error: Cannot create the next",
		},
		"what was lost": {
			leftovers: []credential.Leftover{{ID: "found", Found: true}},
			did:       "revoke found; put now ", left: `[]`,
		},
		"what was lost, and others make credentials, too": {
			leftovers: []credential.Leftover{{ID: "found", Found: true}, {ID: "old"}}, wary: true,
			did: "revoke old; put now ", left: `[]`,
		},
		"what was lost, and is used by now": {
			leftovers: []credential.Leftover{{ID: "found", Found: true}, {ID: "old"}}, used: "found",
			did: "revoke old; put now ", left: `[]`,
		},
		"what was lost, and is the current one by now": {
			previous: over, leftovers: []credential.Leftover{{ID: "now", Found: true}, {ID: "then"}},
			did: "put now then", left: `[]`,
		},
		"a dead one of which nothing is known now": {
			step: credential.Step{Rotate: true, Discard: true}, made: "next", dead: true, breaks: map[string]error{"verify now": failure},
			did: "verify now", told: "Error: Cannot replace the refused",
		},
		"it is refused": {
			step: credential.Step{Rotate: true}, made: "next", refuses: true,
			did: "make; put next now; verify next; revoke next; put now ", told: "Error: Cannot prove the next",
		},
		"it is refused, and stays": {
			step: credential.Step{Rotate: true}, made: "next", refuses: true, breaks: map[string]error{"revoke next": failure},
			did: "make; put next now; verify next; revoke next; put now ", told: "Error: Cannot prove the next\nError: Cannot revoke the new", left: `[{"id":"next","created":"2026-04-02T00:00:00Z"}]`,
		},
		"a leftover": {
			leftovers: []credential.Leftover{{ID: "old"}}, step: credential.Step{},
			did: "revoke old; put now ", left: `[]`,
		},
		"a leftover that stays, and another": {
			leftovers: []credential.Leftover{{ID: "old"}, {ID: "older"}}, step: credential.Step{Rotate: true}, made: "next", refuses: true,
			breaks: map[string]error{"revoke old": failure, "revoke next": failure},
			did:    "revoke old; revoke older; make; put next now; verify next; revoke next; put now ",
			told:   "Error: Cannot revoke the leftover\nError: Cannot prove the next\nError: Cannot revoke the new", left: `[{"id":"old"},{"id":"next","created":"2026-04-02T00:00:00Z"}]`,
		},
		"a dead one is replaced": {
			previous: over, step: credential.Step{Rotate: true, Discard: true}, made: "next",
			dead: true, did: "verify now; make; put next then; verify next; revoke now",
		},
		"a dead one is alive again": {
			step: credential.Step{Rotate: true, Discard: true}, made: "next",
			did: "verify now", told: "Error: Cannot replace the refused",
		},
		"a dead one is replaced, and stays": {
			step: credential.Step{Rotate: true, Discard: true}, made: "next", breaks: map[string]error{"revoke now": failure},
			dead: true, did: "verify now; make; put next ; verify next; revoke now", told: "Error: Cannot revoke the refused", left: `[{"id":"now","created":"2026-01-01T10:00:30Z"}]`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &system{breaks: test.breaks, made: test.made, refuses: test.refuses, dead: test.dead, private: map[string][]byte{}}
			state := holding(test.previous)
			plan := state
			plan.Verify = types.BoolNull()
			if test.unproven {
				plan.Verify = types.BoolValue(false)
			}
			test.step.Apply(&plan, state, form)
			ctx := t.Context()
			if test.refuses {
				// The proof has no time.
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, time.Millisecond)
				defer cancel()
			}
			rotation := s.rotation()
			rotation.Wary = test.wary
			rotation.IsUsed = func(_ context.Context, held credential.Held) (bool, error) {
				return held.ID.ValueString() == test.used, nil
			}
			told := rotation.Update(ctx, state, plan, test.leftovers, credential.Refresh{At: issued, Found: credential.Refused},
				func(credential.Held) credential.Subject { return subject() })
			if did := strings.Join(s.did, "; "); did != test.did || summaries(told) != test.told || string(s.private["leftovers"]) != test.left {
				t.Errorf("did %q, told %q, left %s", did, summaries(told), s.private["leftovers"])
			}
			noted, _ := credential.LatestRefresh(t.Context(), s)
			if proven := test.step.Rotate && !told.HasError(); proven && (noted.Found != "" || noted.At.IsZero()) {
				t.Errorf("what was found of the old one is still noted: %v", noted)
			}
		})
	}
}

func TestBeginAndEnd(t *testing.T) {
	t.Parallel()
	s := &system{made: "first", private: map[string][]byte{}}
	told := s.rotation().Begin(t.Context(), credential.Rotating{Upkeep: credential.Upkeep{RotateAfter: text("90d")}}, func(credential.Held) credential.Subject { return subject() })
	if len(told) > 0 || strings.Join(s.did, "; ") != "make; put first ; verify first" || s.put.RotationDueAt != text("2026-04-01T10:00:00Z") {
		t.Errorf("%v, did %q, %v", told, s.did, s.put)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	s = &system{made: "first", refuses: true, private: map[string][]byte{}}
	if told := s.rotation().Begin(ctx, credential.Rotating{}, func(credential.Held) credential.Subject { return subject() }); summaries(told) != "Error: Cannot prove the new" {
		t.Errorf("it is refused: %q", summaries(told))
	}

	s = &system{breaks: map[string]error{"revoke then": errGone}}
	if told := s.rotation().End(t.Context(), holding("2026-01-08T10:00:30Z"), []credential.Leftover{{ID: "old"}}); len(told) > 0 || strings.Join(s.did, "; ") != "revoke then; put now ; revoke old; revoke now" {
		t.Errorf("%v, did %q", told, s.did)
	}
	s = &system{breaks: map[string]error{"revoke old": errors.New("broken")}}
	if told := s.rotation().End(t.Context(), holding(""), []credential.Leftover{{ID: "old"}}); summaries(told) != "Error: Cannot revoke the leftover" || strings.Join(s.did, "; ") != "revoke old" {
		t.Errorf("%v, did %q", told, s.did)
	}

	s = &system{private: map[string][]byte{}}
	if told := s.rotation().Abandon(t.Context(), holding(""), []credential.Leftover{{ID: "found", Found: true}, {ID: "old"}}); len(told) > 0 || strings.Join(s.did, "; ") != "revoke old" {
		t.Errorf("abandoned: %v, did %q", told, s.did)
	}
}
