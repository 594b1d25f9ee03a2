package rest_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// moments remembers when something happened.
type moments struct {
	mu    sync.Mutex
	times []time.Time
}

func (m *moments) add() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.times = append(m.times, time.Now())
}

func (m *moments) sorted() []time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.SortedFunc(slices.Values(m.times), time.Time.Compare)
}

// most is the largest number of moments within any window.
func (m *moments) most(window time.Duration) int {
	most := 0
	times := m.sorted()
	for first := range times {
		within := 0
		for _, other := range times[first:] {
			if other.Sub(times[first]) < window {
				within++
			}
		}
		most = max(most, within)
	}
	return most
}

// soon ends what would otherwise hang.
func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func paced(limiter *rest.Limiter) func(*rest.Config) {
	return func(config *rest.Config) { config.Limiter = limiter }
}

func once(config *rest.Config) { config.MaxRetries = 0 }

// parallel does it so many times at once, and reports each failure.
func parallel(t *testing.T, times int, do func(number int) error) {
	t.Helper()
	var group sync.WaitGroup
	for number := range times {
		group.Go(func() {
			if err := do(number); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
}

func TestNoWindowSeesMoreThanTheLimit(t *testing.T) {
	t.Parallel()
	const limit, window, calls = 10, 200 * time.Millisecond, 50
	var count atomic.Int64
	var arrivals, answers moments
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		arrivals.add()
		number := count.Add(1)
		if number <= limit {
			// A server may count a request at any time before its answer: the first come late, the next at once.
			<-time.After(window / 2)
		}
		answers.add()
		if number%5 == 0 {
			answer(http.StatusInternalServerError, `{}`)(w, r)
			return
		}
		answer(http.StatusOK, `{"name":"x"}`)(w, r)
	}))
	t.Cleanup(server.Close)
	limiter := rest.NewLimiter(limit, window)
	persistent := func(config *rest.Config) { config.MaxRetries = 8 }
	sharing := []*rest.Client{client(t, server.URL, paced(limiter), persistent), client(t, server.URL, paced(limiter), persistent)}
	parallel(t, calls, func(number int) error {
		_, err := rest.Get[thing](soon(t), sharing[number%2], []string{"things"}, nil)
		return err
	})
	if count.Load() <= calls {
		t.Errorf("%d requests for %d calls, want repeats", count.Load(), calls)
	}
	if most := arrivals.most(window); most != limit {
		t.Errorf("%d requests arrived within %s, want %d at most and in the busiest window", most, window, limit)
	}
	if most := answers.most(window); most > limit {
		t.Errorf("%d requests were answered within %s, want %d at most", most, window, limit)
	}
}

func TestWithoutALimitNothingWaits(t *testing.T) {
	t.Parallel()
	const calls = 50
	for name, limiter := range map[string]*rest.Limiter{"none given": nil, "0 requests": rest.NewLimiter(0, time.Hour)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var count atomic.Int64
			all := make(chan struct{})
			c := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if count.Add(1) == calls {
					close(all)
				}
				select {
				case <-all:
				case <-r.Context().Done():
				}
				answer(http.StatusOK, `{"name":"x"}`)(w, r)
			}, paced(limiter), once)
			parallel(t, calls, func(int) error {
				_, err := rest.Get[thing](soon(t), c, []string{"things"}, nil)
				return err
			})
		})
	}
}

func TestWaitingDoesNotCountAgainstTheTimeout(t *testing.T) {
	t.Parallel()
	const timeout, window = time.Second, 1500 * time.Millisecond
	var count atomic.Int64
	c := serve(t, sequence(&count, answer(500, `{}`), answer(200, `{"name":"x"}`)),
		paced(rest.NewLimiter(1, window)), func(config *rest.Config) { config.Timeout, config.MaxRetries = timeout, 1 })
	// The first call waits for its repeat, the second behind both.
	parallel(t, 2, func(int) error {
		_, err := rest.Get[thing](soon(t), c, []string{"things"}, nil)
		return err
	})
	if count.Load() != 3 {
		t.Errorf("%d requests, want 3", count.Load())
	}
}

func TestSlotsReturnAfterFailures(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	address := server.URL
	server.Close()
	c := client(t, address, paced(rest.NewLimiter(1, 20*time.Millisecond)), once)
	for range 3 {
		ctx := soon(t)
		_, err := rest.Get[thing](ctx, c, []string{"things"}, nil)
		if failed, ok := rest.AsError(err); !ok || failed.Attempts != 1 || ctx.Err() != nil {
			t.Fatalf("%v after %+v, want an attempt that was refused", err, failed)
		}
	}
}

func TestARequestWhoseContextEndsInTheQueueIsNotSent(t *testing.T) {
	t.Parallel()
	var count atomic.Int64
	c := serve(t, sequence(&count, answer(200, `{"name":"x"}`)), paced(rest.NewLimiter(1, time.Hour)))
	if _, err := rest.Get[thing](soon(t), c, []string{"things"}, nil); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := rest.Send[thing](ctx, c, rest.Request{Method: http.MethodPost, Path: []string{"things"}})
	failed, ok := rest.AsError(err)
	if !ok || failed.Written || failed.Attempts != 0 || !errors.Is(err, context.DeadlineExceeded) || count.Load() != 1 {
		t.Fatalf("%d requests, error %+v; want one request and an error that was not written", count.Load(), failed)
	}
	if want := "/things: interrupted while waiting for the rate limit: context deadline exceeded"; !strings.HasSuffix(err.Error(), want) {
		t.Errorf("%v, want ...%s", err, want)
	}
}

func TestATokenMayBeFetchedUnderTheSameLimiter(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(answer(http.StatusOK, `{"name":"token"}`))
	t.Cleanup(server.Close)
	limiter := rest.NewLimiter(1, 20*time.Millisecond)
	login := client(t, server.URL, paced(limiter))
	c := client(t, server.URL, paced(limiter), func(config *rest.Config) {
		config.Authorizer = rest.NewTokenSource(func(ctx context.Context) (rest.Token, error) {
			found, err := rest.Get[thing](ctx, login, []string{"token"}, nil)
			return rest.Token{Value: found.Name}, err
		}, nil)
	})
	parallel(t, 3, func(int) error {
		_, err := rest.Get[thing](soon(t), c, []string{"things"}, nil)
		return err
	})
}
