package rest_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// later answers with a status and a Retry-After of so many seconds.
func later(status int, seconds string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", seconds)
		answer(status, `{}`)(w, r)
	}
}

// post sends a request that is not repeated.
func post(ctx context.Context, c *rest.Client, path string) error {
	_, err := rest.Send[thing](ctx, c, rest.Request{Method: http.MethodPost, Path: []string{path}})
	return err
}

func TestRetryAfterPausesAllRequests(t *testing.T) {
	t.Parallel()
	const second = time.Second
	tests := map[string]struct {
		status  int
		seconds string
		pause   time.Duration
	}{
		"429":                          {429, "1", second},
		"503":                          {503, "1", second},
		"429 without a wait":           {429, "", 0},
		"429 with a wait too long":     {429, "61", 0},
		"a status that means no pause": {500, "1", 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var refused time.Time
			var arrivals moments
			c := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/refused" {
					refused = time.Now()
					later(test.status, test.seconds)(w, r)
					return
				}
				arrivals.add()
				answer(http.StatusOK, `{"name":"x"}`)(w, r)
			}, once)
			if err := post(soon(t), c, "refused"); !rest.HasStatus(err, test.status) {
				t.Fatalf("%v, want status %d", err, test.status)
			}
			var lines atomic.Int64
			parallel(t, 5, func(int) error {
				var log bytes.Buffer
				err := post(tflogtest.RootLogger(soon(t), &log), c, "other")
				lines.Add(int64(strings.Count(log.String(), "request waited for the rate limit")))
				return err
			})
			waited := arrivals.sorted()[0].Sub(refused)
			if waited < test.pause || test.pause == 0 && waited >= second {
				t.Errorf("the first request came after %s, want a pause of %s", waited, test.pause)
			}
			// Those that came late have waited less.
			if told := lines.Load(); told > 5 || (told > 0) != (test.pause > 0) {
				t.Errorf("%d lines tell of 5 waits for a pause of %s", told, test.pause)
			}
		})
	}
}

// pausing serves a client without a limit. /long is refused for a second. /held waits to be let go, and is then refused
// for as long as it asks. /other is answered.
func pausing(t *testing.T) (c *rest.Client, held, letGo chan struct{}, refused, other *moments) {
	t.Helper()
	held, letGo = make(chan struct{}), make(chan struct{})
	refused, other = &moments{}, &moments{}
	c = serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/long":
			refused.add()
			later(429, "1")(w, r)
		case "/other":
			other.add()
			answer(http.StatusOK, `{"name":"x"}`)(w, r)
		default:
			close(held)
			<-letGo
			refused.add()
			later(429, strings.TrimPrefix(r.URL.Path, "/held"))(w, r)
		}
	}, once)
	return c, held, letGo, refused, other
}

func TestAShorterPauseShortensNone(t *testing.T) {
	t.Parallel()
	c, held, letGo, refused, other := pausing(t)
	early := make(chan error, 1)
	go func() { early <- post(soon(t), c, "held0") }()
	<-held
	if err := post(soon(t), c, "long"); !rest.HasStatus(err, 429) {
		t.Fatal(err)
	}
	close(letGo)
	if err := <-early; !rest.HasStatus(err, 429) {
		t.Fatal(err)
	}
	if err := post(soon(t), c, "other"); err != nil {
		t.Fatal(err)
	}
	if waited := other.sorted()[0].Sub(refused.sorted()[0]); waited < time.Second {
		t.Errorf("the pause ended after %s", waited)
	}
}

func TestAPauseIsProlongedForThoseWhoWaitAlready(t *testing.T) {
	t.Parallel()
	c, held, letGo, refused, other := pausing(t)
	early, waiting := make(chan error, 1), make(chan error, 1)
	go func() { early <- post(soon(t), c, "held1") }()
	<-held
	if err := post(soon(t), c, "long"); !rest.HasStatus(err, 429) {
		t.Fatal(err)
	}
	go func() { waiting <- post(soon(t), c, "other") }()
	<-time.After(500 * time.Millisecond)
	close(letGo)
	if err := <-early; !rest.HasStatus(err, 429) {
		t.Fatal(err)
	}
	if err := <-waiting; err != nil {
		t.Fatal(err)
	}
	if waited := other.sorted()[0].Sub(refused.sorted()[1]); waited < time.Second {
		t.Errorf("the second pause ended after %s", waited)
	}
}

func TestARequestWhoseContextEndsInAPauseLeavesItsSlot(t *testing.T) {
	t.Parallel()
	var count atomic.Int64
	c := serve(t, sequence(&count, later(429, "1"), answer(http.StatusOK, `{"name":"x"}`)),
		once, paced(rest.NewLimiter(1, time.Millisecond)))
	if err := post(soon(t), c, "refused"); !rest.HasStatus(err, 429) {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	err := post(ctx, c, "given-up")
	if failed, ok := rest.AsError(err); !ok || failed.Written || failed.Attempts != 0 || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%+v, want an error that was not written", failed)
	}
	if err := post(soon(t), c, "other"); err != nil || count.Load() != 2 {
		t.Errorf("%d requests, error %v; want two requests and a success", count.Load(), err)
	}
}

// A token bucket that is empty when we come, because somebody else has used it up.
func TestRefusedRequestsDoNotStorm(t *testing.T) {
	t.Parallel()
	const limit, window, calls = 10, time.Second, 30
	var mu sync.Mutex
	var accepted []time.Time
	var refused int
	for range limit {
		accepted = append(accepted, time.Now())
	}
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		now := time.Now()
		if now.Sub(accepted[len(accepted)-limit]) < window {
			refused++
			later(429, "1")(w, r)
			return
		}
		accepted = append(accepted, now)
		answer(http.StatusOK, `{"name":"x"}`)(w, r)
	}, paced(rest.NewLimiter(limit, window)))
	parallel(t, calls, func(int) error { return post(soon(t), c, "things") })
	if refused == 0 || refused > limit {
		t.Errorf("%d requests were refused, want those of the first window alone", refused)
	}
}
