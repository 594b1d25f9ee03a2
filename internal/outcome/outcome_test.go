package outcome_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/outcome"
	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// thing is what the tests make.
type thing struct{ id, secret string }

// shelf is a place on a server that a test controls. Its clock is an hour ahead.
type shelf struct {
	mu      sync.Mutex
	objects []outcome.Object
	looks   int
	listErr error
	hangs   bool // until who asks gives up
	replays bool
	visible time.Duration // after its creation
}

const ahead = time.Hour

func (s *shelf) now() time.Time { return time.Now().Add(ahead) }

func (s *shelf) put(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := fmt.Sprintf("id-%d", len(s.objects)+1)
	s.objects = append(s.objects, outcome.Object{ID: id, Name: name, Created: s.now()})
	return id
}

// putAt puts an object of no name there, made at a moment.
func (s *shelf) putAt(created time.Time) {
	id := s.put("")
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.objects {
		if s.objects[i].ID == id {
			s.objects[i].Created = created
		}
	}
}

func (s *shelf) list(ctx context.Context) ([]outcome.Object, error) {
	if s.hangs {
		<-ctx.Done()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.looks++
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return slices.DeleteFunc(slices.Clone(s.objects), func(o outcome.Object) bool { return s.visible > 0 && s.now().Sub(o.Created) < s.visible }), s.listErr
}

// errLost is what an exchange ends with whose answer does not come.
func errLost() error {
	return &rest.Error{System: "Vendor", Method: http.MethodPost, Written: true, Cause: errors.New("connection reset")}
}

// errRefused is an answer of that status.
func errRefused(status int) error {
	return &rest.Error{System: "Vendor", Method: http.MethodPost, Written: true, Status: status}
}

// step is what happens to one attempt.
type step func(s *shelf, name string) (*thing, error)

func works(s *shelf, name string) (*thing, error) { return &thing{id: s.put(name), secret: "s"}, nil }

func losesTheAnswer(s *shelf, name string) (*thing, error) {
	s.put(name)
	return nil, errLost()
}

// losesTheAnswerAt is answered by a clock that is so far ahead of the one that dates the replies.
func losesTheAnswerAt(ahead time.Duration) step {
	return func(s *shelf, _ string) (*thing, error) {
		s.putAt(s.now().Add(ahead))
		return nil, errLost()
	}
}

func losesTheRequest(*shelf, string) (*thing, error) { return nil, errLost() }

func fails(status int) step {
	return func(*shelf, string) (*thing, error) { return nil, errRefused(status) }
}

// create makes a thing, with one step after the other for its attempts.
func (s *shelf) create(ctx context.Context, ledger *outcome.Ledger, name string, steps ...step) (*thing, error) {
	attempt := 0
	return outcome.Create(ctx, ledger, outcome.Creation[thing]{
		Place: "the shelf",
		Name:  name,
		Make: func(context.Context) (*thing, error) {
			step := steps[min(attempt, len(steps)-1)]
			attempt++
			return step(s, name)
		},
		Replays: s.replays,
		ID:      func(made *thing) string { return made.id },
		List:    s.list,
		Found:   func(id string) *thing { return &thing{id: id} },
	})
}

func TestOutcomes(t *testing.T) {
	t.Parallel()
	never := errors.New("unused")
	for name, test := range map[string]struct {
		steps    []step
		name     string
		onlyList bool
		visible  time.Duration
		before   func(s *shelf)
		listErr  error

		wantID     string // "" for none
		wantSecret bool
		wantErr    error // a cause, or nil
		wantReport string
		wantLooks  int
		wantWait   time.Duration
	}{
		"an answer":                 {steps: []step{works}, wantID: "id-1", wantSecret: true},
		"a refusal":                 {steps: []step{fails(403)}, wantErr: errRefused(403)},
		"a conflict":                {steps: []step{fails(409)}, wantErr: errRefused(409)},
		"a lost answer":             {steps: []step{losesTheAnswer}, wantID: "id-1", wantReport: "id-1 was made there just then", wantLooks: 1},
		"a lost request":            {steps: []step{losesTheRequest, works}, wantID: "id-1", wantSecret: true, wantLooks: 3, wantWait: 3 * time.Second},
		"two lost requests":         {steps: []step{losesTheRequest}, wantReport: "sent twice", wantLooks: 6, wantWait: 6 * time.Second},
		"a lost request and answer": {steps: []step{losesTheRequest, losesTheAnswer}, wantID: "id-1", wantReport: "id-1 was made", wantLooks: 4, wantWait: 3 * time.Second},
		"an effect that shows late": {steps: []step{losesTheAnswer}, visible: 2 * time.Second, wantID: "id-1", wantReport: "id-1 was made", wantLooks: 3, wantWait: 3 * time.Second},
		"a refusal of the repeat":   {steps: []step{losesTheAnswer, fails(403)}, visible: 4 * time.Second, wantID: "id-1", wantReport: "id-1 was made", wantLooks: 5, wantWait: 4 * time.Second},
		"a repeat turned away":      {steps: []step{losesTheRequest, fails(429)}, wantReport: "sent twice", wantLooks: 6, wantWait: 6 * time.Second},
		"a conflict with our own":   {steps: []step{losesTheAnswer, fails(409)}, visible: 4 * time.Second, wantID: "id-1", wantReport: "id-1 was made", wantLooks: 5, wantWait: 4 * time.Second},
		"an older one of the name": {
			steps: []step{losesTheRequest, works}, name: "n", wantID: "id-2", wantSecret: true, wantLooks: 3, wantWait: 3 * time.Second,
			before: func(s *shelf) { s.put("n"); <-time.After(10 * time.Second) },
		},
		"another name": {
			steps: []step{losesTheAnswer}, name: "n", wantID: "id-2", wantReport: "id-2 was made", wantLooks: 1, before: func(s *shelf) { s.put("m") },
		},
		"one too many": {steps: []step{losesTheAnswer}, wantReport: "more was made", wantLooks: 1, before: func(s *shelf) { s.put("") }},
		"one of unknown age": {
			steps: []step{losesTheRequest}, wantReport: "does not tell of all when", wantLooks: 1, before: func(s *shelf) { s.putAt(time.Time{}) },
		},
		"one from the future": {
			steps: []step{losesTheRequest}, wantReport: "does not tell of all when", wantLooks: 1, before: func(s *shelf) { s.putAt(s.now().Add(3 * time.Second)) },
		},
		"a clock behind":       {steps: []step{losesTheAnswerAt(-time.Second)}, wantID: "id-1", wantReport: "id-1 was made", wantLooks: 1},
		"a clock ahead":        {steps: []step{losesTheAnswerAt(time.Second)}, wantID: "id-1", wantReport: "id-1 was made", wantLooks: 1},
		"nothing may be taken": {steps: []step{losesTheAnswer}, onlyList: true, wantReport: `unknown_outcome is "stop"`, wantLooks: 1},
		"nothing to be taken":  {steps: []step{losesTheRequest, works}, onlyList: true, wantID: "id-1", wantSecret: true, wantLooks: 3, wantWait: 3 * time.Second},
		"no look":              {steps: []step{losesTheAnswer}, listErr: never, wantReport: "could not be looked into: unused", wantLooks: 3, wantWait: 3 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &shelf{visible: test.visible, listErr: test.listErr}
				if test.before != nil {
					test.before(s)
				}
				start := time.Now()
				made, err := s.create(t.Context(), outcome.NewLedger(s.now, test.onlyList), test.name, test.steps...)
				if took := time.Since(start); took != test.wantWait || s.looks != test.wantLooks {
					t.Errorf("took %s and %d looks, want %s and %d", took, s.looks, test.wantWait, test.wantLooks)
				}
				switch {
				case test.wantID == "":
					if made != nil {
						t.Errorf("made %+v", made)
					}
				case made == nil || made.id != test.wantID || (made.secret != "") != test.wantSecret:
					t.Errorf("made %+v, want %s, with its secret: %t", made, test.wantID, test.wantSecret)
				}
				var unresolved *outcome.UnresolvedError
				found := errors.As(err, &unresolved)
				switch {
				case test.wantReport != "":
					if !found || !strings.Contains(unresolved.Report(), test.wantReport) {
						t.Errorf("error %v does not report %q", err, test.wantReport)
					}
				case found, (err == nil) != (test.wantErr == nil), err != nil && err.Error() != test.wantErr.Error():
					t.Errorf("error %v, want %v", err, test.wantErr)
				}
			})
		})
	}
}

// Creations that are lost side by side share what is found, each of them one.
func TestParallelCreations(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answersLost, requestsLost, work, others int
		wantTaken, wantStopped                  int
	}{
		"all answers lost":           {answersLost: 5, wantTaken: 5},
		"some answers lost":          {answersLost: 3, requestsLost: 2, work: 5, wantTaken: 3},
		"only requests lost":         {requestsLost: 3, work: 3},
		"somebody else's among them": {answersLost: 2, others: 1, wantStopped: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &shelf{}
				ledger := outcome.NewLedger(s.now, false)
				var group sync.WaitGroup
				var mu sync.Mutex
				ids, taken, stopped := map[string]int{}, 0, 0
				run := func(steps ...step) {
					slow := func(step step) step {
						return func(s *shelf, name string) (*thing, error) {
							<-time.After(time.Second) // all are under way at once
							return step(s, name)
						}
					}
					for i := range steps {
						steps[i] = slow(steps[i])
					}
					group.Go(func() {
						made, err := s.create(t.Context(), ledger, "", steps...)
						mu.Lock()
						defer mu.Unlock()
						var unresolved *outcome.UnresolvedError
						switch {
						case made != nil && err != nil:
							taken++
							ids[made.id]++
						case made != nil:
							ids[made.id]++
						case errors.As(err, &unresolved) && len(unresolved.Candidates) > 0:
							stopped++
						default:
							t.Errorf("made nothing: %v", err)
						}
					})
				}
				for range test.answersLost {
					run(losesTheAnswer, works)
				}
				for range test.requestsLost {
					run(losesTheRequest, works)
				}
				for range test.work {
					run(works)
				}
				for range test.others {
					group.Go(func() {
						<-time.After(time.Second / 2)
						s.put("")
					})
				}
				group.Wait()
				if taken != test.wantTaken || stopped != test.wantStopped {
					t.Errorf("%d were taken and %d left, want %d and %d", taken, stopped, test.wantTaken, test.wantStopped)
				}
				if left := len(s.objects) - len(ids); test.wantStopped == 0 && left != 0 {
					t.Errorf("%d objects are nobody's", left)
				}
				for id, owners := range ids {
					if owners != 1 {
						t.Errorf("%s belongs to %d creations", id, owners)
					}
				}
			})
		})
	}
}

// An interrupt leaves time for one look, and nothing new is sent after it.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		first  step
		wantID string
	}{
		"with an effect":    {losesTheAnswer, "id-1"},
		"without an effect": {losesTheRequest, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &shelf{}
				ctx, interrupt := context.WithCancel(t.Context())
				start := time.Now()
				made, err := s.create(ctx, outcome.NewLedger(s.now, false), "", func(s *shelf, name string) (*thing, error) {
					interrupt()
					<-time.After(3 * time.Second) // as long as an answer is awaited
					return test.first(s, name)
				}, func(*shelf, string) (*thing, error) {
					t.Error("something was sent after the interrupt")
					return nil, errLost()
				})
				if took := time.Since(start); took > 5*time.Second {
					t.Errorf("took %s", took)
				}
				var unresolved *outcome.UnresolvedError
				if !errors.As(err, &unresolved) || s.looks != 1 || unresolved.From.IsZero() {
					t.Fatalf("%d looks, error %#v", s.looks, err)
				}
				if id := unresolved.Taken; id != test.wantID || (made == nil) != (test.wantID == "") {
					t.Errorf("took %q, want %q", id, test.wantID)
				}
				if report := unresolved.Report(); !strings.Contains(report, "the shelf") {
					t.Errorf("the report names no place: %s", report)
				}
			})
		})
	}
}

// A creation that waits for a look does not begin after an interrupt.
func TestInterruptedBeforeItBegins(t *testing.T) {
	t.Parallel()
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	s := &shelf{}
	made, err := s.create(ctx, outcome.NewLedger(s.now, false), "", func(*shelf, string) (*thing, error) {
		t.Error("it was sent")
		return nil, errLost()
	})
	if made != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("%v, %v", made, err)
	}
}
