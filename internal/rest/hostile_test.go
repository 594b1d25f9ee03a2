package rest_test

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// peak runs something and returns by how many bytes the heap was larger in between, at most. It cannot run in parallel
// with other tests.
func peak(do func()) uint64 {
	runtime.GC()
	var now runtime.MemStats
	runtime.ReadMemStats(&now)
	before, most := now.HeapAlloc, now.HeapAlloc
	done := make(chan struct{})
	go func() {
		defer close(done)
		do()
	}()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return most - before
		case <-tick.C:
			runtime.ReadMemStats(&now)
			most = max(most, now.HeapAlloc)
		}
	}
}

const mebibyte = 1 << 20

// stream writes a GiB of JSON that never closes, or as much of it as the client takes.
func stream(w io.Writer, written *atomic.Int64) {
	chunk := []byte(strings.Repeat(" ", mebibyte))
	_, _ = w.Write([]byte(`{"name":"`))
	for range 1024 {
		n, err := w.Write(chunk)
		written.Add(int64(n))
		if err != nil {
			return
		}
	}
}

// Whatever a server sends, no more than the bound is read, and no more than some multiple of it is held.
func TestRepliesWithoutEnd(t *testing.T) { //nolint:paralleltest // it measures the heap of the process
	var written atomic.Int64
	status := func(code int, send func(http.ResponseWriter)) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			if code == 0 {
				w.Header().Set("Content-Encoding", "gzip")
				code = http.StatusOK
			}
			w.WriteHeader(code)
			send(w)
		}
	}
	plain := func(w http.ResponseWriter) { stream(w, &written) }
	bomb := func(w http.ResponseWriter) {
		packed := gzip.NewWriter(w)
		stream(packed, &written)
		_ = packed.Close()
	}
	for name, handler := range map[string]http.HandlerFunc{
		"a success": status(http.StatusOK, plain), "an error": status(http.StatusForbidden, plain), "a gzip bomb": status(0, bomb),
	} {
		written.Store(0)
		c := serve(t, handler, func(config *rest.Config) { config.Timeout = 30 * time.Second })
		var err error
		held := peak(func() { _, err = rest.Get[thing](t.Context(), c, []string{"things"}, nil) })
		if err == nil || !strings.Contains(err.Error(), "larger than 32 MiB") {
			t.Errorf("%s: the error is %v", name, err)
		}
		if answer, ok := rest.AsError(err); !ok || answer.Attempts != 1 {
			t.Errorf("%s: it must be asked for once: %+v", name, answer)
		}
		t.Logf("%s: %d MiB held at most, %d MiB sent by the server", name, held/mebibyte, written.Load()/mebibyte)
		if held > 192*mebibyte {
			t.Errorf("%s: %d MiB were held", name, held/mebibyte)
		}
		if written.Load() > 512*mebibyte {
			t.Errorf("%s: %d MiB were taken", name, written.Load()/mebibyte)
		}
	}
}

// A text that nests too deep is refused and does not exhaust the stack, whether it is an answer or an error's body.
func TestDeepNesting(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"closed arrays":  strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000),
		"open arrays":    strings.Repeat("[", 100_000),
		"closed objects": strings.Repeat(`{"name":`, 100_000) + "1" + strings.Repeat("}", 100_000),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := rest.Get[map[string]any](t.Context(), serve(t, answer(http.StatusOK, text), once), []string{"things"}, nil)
			if err == nil || !strings.Contains(err.Error(), "not valid JSON") {
				t.Errorf("the error is %.200v", err)
			}
			_, err = rest.Get[thing](t.Context(), serve(t, answer(http.StatusForbidden, text), once), []string{"things"}, nil)
			if !rest.HasStatus(err, http.StatusForbidden) || len(err.Error()) > 1000 {
				t.Errorf("the error is %.200v", err)
			}
		})
	}
}

// No redirect is followed, be it to another host, to the same address, or of a login, so that no credential goes there.
func TestRedirectsCarryNothing(t *testing.T) {
	t.Parallel()
	var elsewhere atomic.Int64
	thief := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	t.Cleanup(thief.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		for name, target := range map[string]string{"another host": thief.URL, "itself": "/things", "no address": "", "no URL": "http://[::1"} {
			var asked atomic.Int64
			c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				asked.Add(1)
				w.Header().Set("Location", target)
				w.WriteHeader(status)
			}, func(config *rest.Config) { config.Authorizer = rest.Bearer("the-token") })
			for _, method := range []string{http.MethodGet, http.MethodPost} {
				asked.Store(0)
				_, err := rest.Send[thing](t.Context(), c, rest.Request{Method: method, Path: []string{"things"}, Repeatable: true})
				if err == nil || !strings.Contains(err.Error(), "the server redirects") || strings.Contains(err.Error(), "the-token") || asked.Load() != 1 {
					t.Errorf("%d of a %s to %s: asked %d times, %v", status, method, name, asked.Load(), err)
				}
			}
		}
	}
	if elsewhere.Load() != 0 {
		t.Errorf("the other host was asked %d times", elsewhere.Load())
	}
}

// A reply that drips is given up when the time for one exchange is over, not when it ends.
func TestSlowReplies(t *testing.T) {
	t.Parallel()
	for name, begin := range map[string]string{"a success": "200 OK", "an error": "403 Forbidden"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				connection, _, err := http.NewResponseController(w).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				defer func() { _ = connection.Close() }()
				_, _ = io.WriteString(connection, "HTTP/1.1 "+begin+"\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n")
				drip := time.NewTicker(20 * time.Millisecond)
				defer drip.Stop()
				for range 1000 {
					<-drip.C
					if _, err := io.WriteString(connection, " "); err != nil {
						return
					}
				}
			}, once, func(config *rest.Config) { config.Timeout = 300 * time.Millisecond })
			start := time.Now()
			_, err := rest.Get[thing](t.Context(), c, []string{"things"}, nil)
			if took := time.Since(start); err == nil || took > 5*time.Second {
				t.Errorf("it took %s and ended with %v", took, err)
			}
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

// Headers are bounded too, and what an error shows of one is short and prints as it reads.
func TestHostileHeaders(t *testing.T) {
	t.Parallel()
	_, err := rest.Get[thing](t.Context(), serve(t, func(w http.ResponseWriter, _ *http.Request) {
		for range 64 {
			w.Header().Add("X-Long", strings.Repeat("x", mebibyte))
		}
		w.WriteHeader(http.StatusOK)
	}, once), []string{"things"}, nil)
	if err == nil || !strings.Contains(err.Error(), "headers exceeded") || len(err.Error()) > 1000 {
		t.Errorf("the error is %.300v", err)
	}

	for id, want := range map[string]int{strings.Repeat("x", mebibyte): 104, "\x1b[31m" + strings.Repeat("x", mebibyte): 0, "a\u009b2J": 4} {
		_, err = rest.Get[thing](t.Context(), serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["X-Request-Id"] = []string{id}
			w.WriteHeader(http.StatusForbidden)
		}, once), []string{"things"}, nil)
		failed, ok := rest.AsError(err)
		if !ok || len(failed.RequestID) != want && failed.Cause == nil || len(err.Error()) > 2000 || strings.ContainsAny(failed.RequestID+err.Error(), "\x1b\u009b") {
			t.Errorf("the request id is %.300q, the error %.300v", failed.RequestID, err)
		}
	}
}

// A vendor's words may not steer the terminal that they are shown on.
func TestMessagesHoldNoControlCharacters(t *testing.T) {
	t.Parallel()
	c := serve(t, answer(http.StatusForbidden, ""), func(config *rest.Config) {
		config.ParseError = func(int, []byte) (string, string) {
			return "Co\u009bde\x00", "first line\nsecond\tline\r\x1b]0;title\a\x1b[2J\u202egnihton \xff end"
		}
	})
	_, err := rest.Get[thing](t.Context(), c, []string{"things"}, nil)
	failed, ok := rest.AsError(err)
	if !ok {
		t.Fatal(err)
	}
	if want := "first line second line ]0;title [2J gnihton end"; failed.Message != want {
		t.Errorf("the message is %q, want %q", failed.Message, want)
	}
	if failed.Code != "Co de" {
		t.Errorf("the code is %q", failed.Code)
	}
}

// An id from an answer never makes the path of another object.
func TestHostileSegments(t *testing.T) {
	t.Parallel()
	var paths atomic.Value
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		paths.Store(r.URL.EscapedPath())
		answer(http.StatusOK, `{"name":"x"}`)(w, r)
	})
	for segment, want := range map[string]string{
		"../x": "/things/..%2Fx", "a/b": "/things/a%2Fb", "a?b=c#d": "/things/a%3Fb=c%23d", "%2e%2e": "/things/%252e%252e",
		"a\x1b[31m": "/things/a%1B%5B31m", "a\r\nHost: evil": "/things/a%0D%0AHost:%20evil", `..\x`: `/things/..%5Cx`, "..;": "/things/..%3B",
	} {
		if _, err := rest.Get[thing](t.Context(), c, []string{"things", segment}, nil); err != nil {
			t.Errorf("%q: %v", segment, err)
		} else if got := paths.Load(); got != want {
			t.Errorf("%q makes the path %s, want %s", segment, got, want)
		}
	}
	for _, segment := range []string{"", ".", ".."} {
		if _, err := rest.Get[thing](t.Context(), c, []string{"things", segment}, nil); err == nil || !strings.Contains(err.Error(), "cannot be addressed") {
			t.Errorf("%q: %v", segment, err)
		}
	}
	_, err := rest.Get[thing](t.Context(), serve(t, answer(http.StatusNotFound, "{}")), []string{"things", "a\x1b[31m"}, nil)
	if failed, ok := rest.AsError(err); !ok || strings.Contains(failed.Error(), "\x1b") {
		t.Errorf("an error must not show control characters: %q", err)
	}
}
