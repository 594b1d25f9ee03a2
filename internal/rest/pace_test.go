package rest_test

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// A server allows ten requests in each second, which nobody has told us. Fifty are under way at once.
func TestAnUnknownLimitIsFoundOut(t *testing.T) {
	t.Parallel()
	const limit, calls = 10, 100
	var mu sync.Mutex
	counts := map[int64]int{}
	refused := 0
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		second := time.Now().Unix()
		if counts[second]++; counts[second] > limit {
			refused++
			later(429, "1")(w, r)
			return
		}
		answer(http.StatusOK, `{"name":"x"}`)(w, r)
	}, paced(rest.NewLimiter(0, 0)))
	// Those that are under way at first cannot know.
	gate := make(chan struct{}, 50)
	parallel(t, calls, func(int) error {
		gate <- struct{}{}
		defer func() { <-gate }()
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		return post(ctx, c, "things")
	})
	if refused == 0 || refused > 50+calls/5 {
		t.Errorf("%d requests were refused, want those of the first second, and few more", refused)
	}
	t.Logf("%d refused", refused)
}
