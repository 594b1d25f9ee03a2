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
	_, err := rest.Create(interrupted, c, creation)
	if failed, ok := rest.AsError(err); !ok || failed.Written || !errors.Is(err, context.Canceled) || count.Load() != 1 {
		t.Errorf("%d requests, error %+v; want one request, and an error that was not written", count.Load(), failed)
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
