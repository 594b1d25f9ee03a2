package rest_test

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// mint hands out numbered tokens and counts.
func mint(count *atomic.Int64, lifetime time.Duration) func(context.Context) (rest.Token, error) {
	return func(context.Context) (rest.Token, error) {
		return rest.Token{Value: "token-" + strconv.FormatInt(count.Add(1), 10), Lifetime: lifetime}, nil
	}
}

func authorize(t *testing.T, source *rest.TokenSource) http.Header {
	t.Helper()
	header := http.Header{}
	if err := source.Authorize(context.Background(), header); err != nil {
		t.Fatal(err)
	}
	return header
}

func TestATokenIsRenewedBeforeItEnds(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		lifetime, age time.Duration
		fetches       int64
	}{
		"no end":                       {0, 1000 * time.Hour, 1},
		"an hour, long before its end": {time.Hour, 59 * time.Minute, 1},
		"an hour, just before its end": {time.Hour, 59*time.Minute + 45*time.Second, 2},
		"an hour, after its end":       {time.Hour, 2 * time.Hour, 2},
		"8 seconds, early":             {8 * time.Second, 5 * time.Second, 1},
		"8 seconds, late":              {8 * time.Second, 7 * time.Second, 2},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := time.Unix(0, 0)
			var count atomic.Int64
			source := rest.NewTokenSource(mint(&count, test.lifetime), func() time.Time { return now })
			authorize(t, source)
			now = now.Add(test.age)
			authorize(t, source)
			if count.Load() != test.fetches {
				t.Errorf("%d fetches, want %d", count.Load(), test.fetches)
			}
		})
	}
}

func TestATokenIsFetchedOnceUnderConcurrency(t *testing.T) {
	t.Parallel()
	var count atomic.Int64
	gate := make(chan struct{})
	source := rest.NewTokenSource(func(ctx context.Context) (rest.Token, error) {
		<-gate
		return mint(&count, 0)(ctx)
	}, nil)
	var started, done sync.WaitGroup
	for range 64 {
		started.Add(1)
		done.Add(1)
		go func() {
			defer done.Done()
			started.Done()
			if err := source.Authorize(context.Background(), http.Header{}); err != nil {
				t.Error(err)
			}
		}()
	}
	started.Wait()
	close(gate)
	done.Wait()
	if count.Load() != 1 {
		t.Errorf("%d fetches, want 1", count.Load())
	}
}

func TestOnlyTheRefusedTokenIsDropped(t *testing.T) {
	t.Parallel()
	var count atomic.Int64
	source := rest.NewTokenSource(mint(&count, 0), nil)
	first := authorize(t, source)
	if !source.Refused(first) {
		t.Error("a refused token can be renewed")
	}
	second := authorize(t, source)
	source.Refused(first) // a slow request tells late that the first one was refused
	if third := authorize(t, source); third.Get("Authorization") != second.Get("Authorization") || count.Load() != 2 {
		t.Errorf("got %v after %v, %d fetches", third, second, count.Load())
	}
}

func TestAFetchOutlivesTheCallerThatStartedIt(t *testing.T) {
	t.Parallel()
	var count atomic.Int64
	entered, gate := make(chan struct{}), make(chan struct{})
	source := rest.NewTokenSource(func(ctx context.Context) (rest.Token, error) {
		close(entered)
		<-gate
		if err := ctx.Err(); err != nil {
			return rest.Token{}, err
		}
		return mint(&count, 0)(ctx)
	}, nil)
	ctx, cancel := context.WithCancel(context.Background())
	first := make(chan error)
	go func() { first <- source.Authorize(ctx, http.Header{}) }()
	<-entered
	cancel()
	if err := <-first; !errors.Is(err, context.Canceled) {
		t.Errorf("the cancelled caller got %v", err)
	}
	close(gate)
	authorize(t, source)
	if count.Load() != 1 {
		t.Errorf("%d fetches, want 1", count.Load())
	}
}

func TestOneRenewalAfterA401(t *testing.T) {
	t.Parallel()
	var tokens, requests atomic.Int64
	accept := func(token string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			requests.Add(1)
			if r.Header.Get("Authorization") != "Bearer "+token {
				answer(http.StatusUnauthorized, `{}`)(w, r)
				return
			}
			answer(http.StatusOK, `{"name":"x"}`)(w, r)
		}
	}
	for name, test := range map[string]struct {
		accepts  string
		requests int64
		succeeds bool
	}{
		"the second token works": {"token-2", 2, true},
		"no token works":         {"none", 2, false},
	} {
		tokens.Store(0)
		requests.Store(0)
		c := serve(t, accept(test.accepts), func(config *rest.Config) {
			config.Authorizer = rest.NewTokenSource(mint(&tokens, 0), nil)
		})
		// A POST: a refused one was not handled, so it may be sent again.
		_, err := rest.Send[thing](context.Background(), c, rest.Request{Method: http.MethodPost, Path: []string{"things"}})
		if (err == nil) != test.succeeds || requests.Load() != test.requests {
			t.Errorf("%s: %d requests, error %v", name, requests.Load(), err)
		}
	}
}

func TestAFixedTokenIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	var count atomic.Int64
	c := serve(t, sequence(&count, answer(http.StatusUnauthorized, `{}`)), func(config *rest.Config) {
		config.Authorizer = rest.Bearer("token")
	})
	_, err := rest.Get[thing](context.Background(), c, []string{"things"}, nil)
	if !rest.HasStatus(err, http.StatusUnauthorized) || count.Load() != 1 {
		t.Errorf("%d requests, error %v", count.Load(), err)
	}
}

// Asking again with a credential that was refused is refused again, and may lock the caller out.
func TestARefusedCredentialIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	for status, tries := range map[int]int64{http.StatusUnauthorized: 1, http.StatusBadRequest: 1, http.StatusTooManyRequests: 3, http.StatusForbidden: 3} {
		var count atomic.Int64
		c := serve(t, sequence(&count, answer(status, `{}`)), func(config *rest.Config) { config.MaxRetries = 0 })
		source := rest.NewTokenSource(func(ctx context.Context) (rest.Token, error) {
			_, err := rest.Send[thing](ctx, c, rest.Request{Method: http.MethodPost, Path: []string{"login"}})
			return rest.Token{}, err
		}, nil)
		for range 3 {
			if err := source.Authorize(context.Background(), http.Header{}); !rest.HasStatus(err, status) {
				t.Errorf("%d: %v", status, err)
			}
		}
		if count.Load() != tries {
			t.Errorf("%d: %d logins, want %d", status, count.Load(), tries)
		}
	}
}
