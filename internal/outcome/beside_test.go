package outcome_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/outcome"
	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// slowly lets a second pass before a step, so that others can be under way beside it.
func slowly(next step) step {
	return func(s *shelf, name string) (*thing, error) {
		<-time.After(time.Second)
		return next(s, name)
	}
}

// losesBoth loses the answer of a creation beside one of somebody else.
func losesBoth(s *shelf, name string) (*thing, error) {
	s.put(name)
	return losesTheAnswer(s, name)
}

// What is lost under another name, or was given up before, does not make somebody else's object ours.
func TestOnlyWhatIsLostNowIsCounted(t *testing.T) {
	t.Parallel()
	for name, beside := range map[string]func(ctx context.Context, s *shelf, ledger *outcome.Ledger){
		"under another name": func(ctx context.Context, s *shelf, ledger *outcome.Ledger) {
			_, _ = s.create(ctx, ledger, "m", slowly(losesTheAnswer))
		},
		"given up": func(ctx context.Context, s *shelf, ledger *outcome.Ledger) {
			_, _ = s.create(ctx, ledger, "n", losesTheRequest)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &shelf{}
				ledger := outcome.NewLedger(s.now, false)
				var group sync.WaitGroup
				defer group.Wait()
				if name == "given up" {
					beside(t.Context(), s, ledger)
				} else {
					group.Go(func() { beside(t.Context(), s, ledger) })
				}
				made, err := s.create(t.Context(), ledger, "n", slowly(losesBoth))
				var unresolved *outcome.UnresolvedError
				if made != nil || !errors.As(err, &unresolved) || len(unresolved.Candidates) != 2 || unresolved.Lost != 1 {
					t.Errorf("made %+v, error %#v; want two candidates for the one that is lost", made, err)
				}
			})
		})
	}
}

// Each provider block has a ledger of its own, and does not know what the other has made. It is as with somebody else: what
// has an equal name, or none, looks like the lost one.
func TestTwoLedgers(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "n"} {
		synctest.Test(t, func(t *testing.T) {
			s := &shelf{}
			one, other := outcome.NewLedger(s.now, false), outcome.NewLedger(s.now, false)
			made, err := s.create(t.Context(), one, name, func(s *shelf, name string) (*thing, error) {
				if _, err := s.create(t.Context(), other, name, works); err != nil {
					t.Error(err)
				}
				return losesTheRequest(s, name)
			})
			if made == nil || made.id != "id-1" || !outcome.IsUnresolved(err) {
				t.Errorf("made %+v, error %v; want that of the other one", made, err)
			}
		})
	}
}

// Where the system knows a repeat, it tells whether what is found is ours.
func TestAReplayDecides(t *testing.T) {
	t.Parallel()
	replay := func(*shelf, string) (*thing, error) { return &thing{id: "id-1", secret: "s"}, nil }
	for name, test := range map[string]struct {
		second     step
		wantSecret bool
		wantReport string
	}{
		"it is ours":           {replay, true, ""},
		"it is somebody's":     {fails(http.StatusConflict), false, "did not answer a repeat of our request with it"},
		"the repeat is lost":   {losesTheRequest, false, "id-1 was made there"},
		"the repeat is denied": {fails(http.StatusForbidden), false, "id-1 was made there"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &shelf{replays: true}
				ledger := outcome.NewLedger(s.now, false)
				made, err := s.create(t.Context(), ledger, "n", losesTheAnswer, test.second)
				var unresolved *outcome.UnresolvedError
				found := errors.As(err, &unresolved)
				if found != (test.wantReport != "") || found && !strings.Contains(unresolved.Report(), test.wantReport) {
					t.Errorf("error %v, want a report of %q", err, test.wantReport)
				}
				if foreign := found && unresolved.Foreign; (made == nil) != foreign || made != nil && (made.id != "id-1" || (made.secret != "") != test.wantSecret) {
					t.Errorf("made %+v", made)
				}
			})
		})
	}
}

// After an interrupt, creations that are lost side by side still look one after the other, and within five seconds.
func TestInterruptedSideBySide(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{}
		ledger := outcome.NewLedger(s.now, false)
		ctx, interrupt := context.WithCancel(t.Context())
		defer interrupt()
		start := time.Now()
		var group sync.WaitGroup
		for _, lasts := range []time.Duration{0, 3 * time.Second} {
			group.Go(func() {
				made, err := s.create(ctx, ledger, "", func(s *shelf, name string) (*thing, error) {
					<-time.After(time.Millisecond) // so that both are under way
					interrupt()
					<-time.After(lasts)
					return losesTheAnswer(s, name)
				})
				if made == nil || !outcome.IsUnresolved(err) {
					t.Errorf("made %+v, error %v; want one of the two", made, err)
				}
			})
		}
		group.Wait()
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("took %s", took)
		}
	})
}

// A list that does not come is not awaited for ever, and the error tells where and when.
func TestInterruptedWithoutALook(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{hangs: true}
		ledger := outcome.NewLedger(s.now, false)
		ctx, interrupt := context.WithCancel(t.Context())
		defer interrupt()
		start := time.Now()
		_, err := s.create(ctx, ledger, "", func(s *shelf, name string) (*thing, error) {
			interrupt()
			<-time.After(3 * time.Second)
			return losesTheAnswer(s, name)
		})
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("took %s", took)
		}
		var unresolved *outcome.UnresolvedError
		if !errors.As(err, &unresolved) || unresolved.LookErr == nil || unresolved.From.IsZero() || !strings.Contains(unresolved.Report(), "made between") {
			t.Fatalf("error %#v", err)
		}
		// What was not looked for counts among the lost of those that look later.
		s.hangs = false
		made, err := s.create(t.Context(), ledger, "", losesTheAnswer)
		if made == nil || !outcome.IsUnresolved(err) {
			t.Errorf("made %+v, error %v; want one of the two", made, err)
		}
	})
}

// What others make while a creation waits to be sent is not taken for it.
func TestTheWindowBeginsWhenTheRequestLeaves(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	var count atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		switch count.Add(1) {
		case 1:
			w.Header().Set("Retry-After", "4")
			w.WriteHeader(http.StatusTooManyRequests)
			s.put("") // somebody else's
		case 2:
			w.WriteHeader(http.StatusBadGateway) // the request is lost
		default:
			_, _ = w.Write([]byte(`{"id":"` + s.put("") + `"}`))
		}
	}))
	defer server.Close()
	endpoint, err := rest.ParseEndpoint(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	client, err := rest.New(rest.Config{System: "Vendor", Endpoint: endpoint, HTTP: rest.HTTP{MaxRetries: 1}})
	if err != nil {
		t.Fatal(err)
	}
	made, err := outcome.Create(t.Context(), outcome.NewLedger(s.now, false), outcome.Creation[string]{
		Place: "the shelf",
		Make: func(ctx context.Context) (*string, error) {
			answer, err := rest.Create(ctx, client, rest.Request{Path: []string{"things"}})
			if err != nil {
				return nil, err
			}
			text := string(answer)
			return &text, nil
		},
		ID:    func(made *string) string { return *made },
		List:  s.list,
		Found: func(id string) *string { return &id },
	})
	if err != nil || made == nil || !strings.Contains(*made, "id-2") {
		t.Errorf("made %v, error %v; want what the repeat made", made, err)
	}
}
