package rest_test

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

func TestOutlast(t *testing.T) {
	t.Parallel()
	const grace = 100 * time.Millisecond
	ctx, interrupt := context.WithCancel(context.Background())
	lasting, cancel := rest.Outlast(ctx, grace)
	defer cancel()
	start := time.Now()
	interrupt()
	<-lasting.Done()
	if lasted := time.Since(start); lasted < grace {
		t.Errorf("the context lasted %s after the interrupt, want at least %s", lasted, grace)
	}

	untouched, cancel := rest.Outlast(context.Background(), grace)
	if untouched.Err() != nil {
		t.Error("the context ended without an interrupt")
	}
	cancel()
	if untouched.Err() == nil {
		t.Error("the context outlived its own cancel")
	}
}

func TestACreateThatWaitsForTheLimiterDoesNotOutlast(t *testing.T) {
	t.Parallel()
	var count atomic.Int64
	c := serve(t, sequence(&count, answer(http.StatusOK, `{"name":"x"}`)), paced(rest.NewLimiter(1, time.Hour)))
	if err := post(soon(t), c, "first"); err != nil {
		t.Fatal(err)
	}
	interrupted, interrupt := context.WithCancel(soon(t))
	time.AfterFunc(50*time.Millisecond, interrupt)
	start := time.Now()
	_, err := rest.Create(interrupted, c, creation)
	if failed, ok := rest.AsError(err); !ok || failed.Written || !errors.Is(err, context.Canceled) || count.Load() != 1 {
		t.Errorf("%d requests, error %+v; want one request, and an error that was not written", count.Load(), failed)
	}
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("took %s, as if it had been sent", took)
	}
}

// What was turned away has made nothing, so that after an interrupt it is not sent again.
func TestACreateThatWasTurnedAwayDoesNotOutlast(t *testing.T) {
	t.Parallel()
	for _, seconds := range []string{"", "1"} {
		interrupted, interrupt := context.WithCancel(soon(t))
		var count atomic.Int64
		c := serve(t, sequence(&count, func(w http.ResponseWriter, r *http.Request) {
			interrupt()
			later(http.StatusTooManyRequests, seconds)(w, r)
		}, answer(http.StatusOK, `{"name":"x"}`)))
		_, err := rest.Create(interrupted, c, creation)
		if count.Load() != 1 || err == nil || rest.IsUnknownOutcome(err) {
			t.Errorf("Retry-After %q: %d requests, error %+v; want one, and an error that leaves nothing open", seconds, count.Load(), err)
		}
	}
}

func TestACreateThatWasSentOutlastsItsWaitForTheLimiter(t *testing.T) {
	t.Parallel()
	interrupted, interrupt := context.WithCancel(soon(t))
	var count atomic.Int64
	c := serve(t, sequence(&count, func(w http.ResponseWriter, r *http.Request) {
		interrupt()
		answer(http.StatusInternalServerError, `{}`)(w, r)
	}, answer(http.StatusOK, `{"name":"x"}`)), paced(rest.NewLimiter(1, 500*time.Millisecond)))
	_, err := rest.Create(interrupted, c, rest.Request{Path: []string{"things"}, Repeatable: true})
	if err != nil || count.Load() != 2 {
		t.Errorf("%d requests, error %v; want a repeat that succeeds", count.Load(), err)
	}
}
