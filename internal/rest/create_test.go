package rest_test

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

var creation = rest.Request{Path: []string{"things"}, JSON: map[string]string{"name": "x"}}

// The answer to a create is handed on as it is, so that its caller can read part by part.
func TestCreateReturnsTheAnswerAsItIs(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"id":"1","odd":{"name":[1]}}`, `[1,2]`, `"text"`, `null`} {
		var method string
		c := serve(t, func(w http.ResponseWriter, r *http.Request) {
			method = r.Method
			answer(http.StatusCreated, body)(w, r)
		})
		got, err := rest.Create(soon(t), c, creation)
		if err != nil || string(got) != body || method != http.MethodPost {
			t.Errorf("%s %s: %s, %v", method, body, got, err)
		}
	}
}

func TestCreateIsRepeatedOnlyIfThatIsSafe(t *testing.T) {
	t.Parallel()
	for repeatable, attempts := range map[bool]int64{false: 1, true: 2} {
		var count atomic.Int64
		c := serve(t, sequence(&count, cut, answer(http.StatusCreated, `{"id":"1"}`)))
		request := creation
		request.Repeatable = repeatable
		got, err := rest.Create(soon(t), c, request)
		if count.Load() != attempts || (err == nil) != repeatable || repeatable != (string(got) == `{"id":"1"}`) {
			t.Errorf("repeatable %t: sent %d times: %s, %v", repeatable, count.Load(), got, err)
		}
	}
}

// The answer may hold the only copy of a secret, so an interrupt does not cut it; but it is not awaited for ever.
func TestCreateOutlastsAnInterrupt(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		timeout time.Duration
		answers bool
		within  time.Duration
	}{
		"an answer that comes":                       {5 * time.Second, true, 3 * time.Second},
		"an answer that never comes":                 {200 * time.Millisecond, false, 3 * time.Second},
		"an answer that could be awaited for longer": {time.Minute, false, 4 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			interrupted, interrupt := context.WithCancel(soon(t))
			ended := make(chan struct{})
			c := serve(t, func(w http.ResponseWriter, r *http.Request) {
				interrupt()
				if !test.answers {
					<-ended
				}
				answer(http.StatusCreated, `{"id":"1"}`)(w, r)
			}, func(config *rest.Config) { config.Timeout, config.MaxRetries = test.timeout, 0 })
			start := time.Now()
			got, err := rest.Create(interrupted, c, creation)
			close(ended)
			if took := time.Since(start); took > test.within {
				t.Errorf("took %s, want at most %s", took, test.within)
			}
			if interrupted.Err() == nil || test.answers != (err == nil) || test.answers != (string(got) == `{"id":"1"}`) {
				t.Errorf("%s, %v", got, err)
			}
			if failed, ok := rest.AsError(err); !test.answers && (!ok || !failed.Written) {
				t.Errorf("the error must tell that the request was sent: %+v", failed)
			}
		})
	}
}

// A success without a body is null where that is expected, and a reply that was cut elsewhere.
func TestAnEmptySuccess(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", "\r\n", `{"name":"x"}`} {
		for mayBeEmpty, attempts := range map[bool]int64{true: 1, false: 3} {
			var count atomic.Int64
			c := serve(t, sequence(&count, answer(http.StatusOK, body)))
			got, err := rest.Send[*thing](soon(t), c, rest.Request{Method: http.MethodPatch, Path: []string{"things"}, Repeatable: true, MayBeEmpty: mayBeEmpty})
			if whole := strings.HasPrefix(body, "{"); whole {
				if err != nil || got == nil || got.Name != "x" || count.Load() != 1 {
					t.Errorf("%q: %v, %v", body, got, err)
				}
				continue
			}
			if got != nil || mayBeEmpty != (err == nil) || count.Load() != attempts {
				t.Errorf("%q, may be empty: %t: %v, %v after %d attempts", body, mayBeEmpty, got, err, count.Load())
			}
		}
	}
	// What may be empty may still be no page, and no half of something.
	for _, handler := range []http.HandlerFunc{page, half, answer(http.StatusOK, `{"name":`)} {
		c := serve(t, handler, func(config *rest.Config) { config.MaxRetries = 0 })
		if _, err := rest.Send[any](soon(t), c, rest.Request{Method: http.MethodPatch, Path: []string{"things"}, MayBeEmpty: true}); err == nil {
			t.Error("no error")
		}
	}
}
