package outcome_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/outcome"
)

// createStateless makes a thing that no state will hold.
func (s *shelf) createStateless(ctx context.Context, ledger *outcome.Ledger, steps ...step) (*thing, error) {
	attempt := 0
	return outcome.Create(ctx, ledger, outcome.Creation[thing]{
		Place: "the shelf",
		Make: func(context.Context) (*thing, error) {
			step := steps[min(attempt, len(steps)-1)]
			attempt++
			return step(s, "")
		},
		Replays: s.replays,
		ID:      func(made *thing) string { return made.id },
		List:    s.list,
	})
}

// Nothing is taken for a lost object that would be in no state: it is listed with its age. What is there for sure is not.
func TestALostObjectThatIsInNoState(t *testing.T) {
	t.Parallel()
	for name, replays := range map[string]bool{"as it is": false, "where the system knows repeats": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				shelf := &shelf{replays: replays}
				shelf.putAt(shelf.now().Add(-time.Hour))
				ledger := outcome.NewLedger(shelf.now, false)
				if made, err := shelf.createStateless(t.Context(), ledger, works); err != nil || made == nil {
					t.Fatal(made, err)
				}
				made, err := shelf.createStateless(t.Context(), ledger, losesTheAnswer)
				var unresolved *outcome.UnresolvedError
				if made != nil || !errors.As(err, &unresolved) || len(unresolved.Candidates) != 1 || unresolved.Candidates[0].ID != "id-3" {
					t.Fatalf("got %v and %v", made, err)
				}
				if report := unresolved.Report(); !strings.Contains(report, "- id-3, made at ") || !strings.Contains(report, ", 0s ago") || !strings.Contains(report, "none was touched") {
					t.Error(report)
				}
			})
		})
	}
}

// What somebody else makes in the same place at the same time finds its own, and does not take what was lost there.
func TestALostObjectBesideOneThatIsInNoState(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		shelf := &shelf{}
		ledger := outcome.NewLedger(shelf.now, false)
		ephemeral, err := shelf.createStateless(t.Context(), ledger, works)
		if err != nil {
			t.Fatal(err)
		}
		made, err := shelf.create(t.Context(), ledger, "", losesTheAnswer)
		if made == nil || made.id == ephemeral.id || !outcome.IsUnresolved(err) {
			t.Errorf("taken was %v: %v", made, err)
		}
	})
}

// Where nothing can be found out, the report says what to look for, and promises nothing of a next apply.
func TestReportsOfWhatIsInNoState(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err  outcome.UnresolvedError
		want string
	}{
		"not looked": {outcome.UnresolvedError{Place: "the shelf", Stateless: true, LookErr: errors.New("no list")}, "the shelf could not be looked into: no list. Look there: nothing else will revoke what was made."},
		"nothing":    {outcome.UnresolvedError{Place: "the shelf", Stateless: true}, "nothing was found in the shelf. If something appears there that was made, delete it."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if report := test.err.Report(); !strings.Contains(report, test.want) || strings.Contains(report, "next apply") {
				t.Error(report)
			}
		})
	}
}
