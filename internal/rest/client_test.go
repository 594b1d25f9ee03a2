package rest_test

import (
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

type thing struct {
	Name string `json:"name"`
}

// serve answers with a handler and returns a client for it.
func serve(t *testing.T, handler http.HandlerFunc, adjust ...func(*rest.Config)) *rest.Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return client(t, server.URL, adjust...)
}

func client(t *testing.T, address string, adjust ...func(*rest.Config)) *rest.Client {
	t.Helper()
	endpoint, err := rest.ParseEndpoint(address)
	if err != nil {
		t.Fatal(err)
	}
	config := rest.Config{
		System: "Vendor", Endpoint: endpoint, HTTP: rest.HTTP{Timeout: 5 * time.Second, MaxRetries: 2},
		ParseError: func(_ int, body []byte) (string, string) { return "Code", string(body) },
	}
	for _, change := range adjust {
		change(&config)
	}
	made, err := rest.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func answer(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

// sequence answers with each handler in turn, then with the last one, and counts.
func sequence(count *atomic.Int64, handlers ...http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		number := int(count.Add(1))
		handlers[min(number, len(handlers))-1](w, r)
	}
}

func cut(w http.ResponseWriter, _ *http.Request) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		_ = connection.Close()
	}
}

func half(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Length", "1000")
	_, _ = w.Write([]byte(`{"name":`))
	_ = http.NewResponseController(w).Flush()
	cut(w, r)
}

func wait(seconds string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", seconds)
		answer(http.StatusTooManyRequests, `{}`)(w, r)
	}
}

func page(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte("<!doctype html>"))
}

func TestSendBuildsTheRequest(t *testing.T) {
	t.Parallel()
	var got *http.Request
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got = r
		answer(http.StatusOK, `{"name":"x"}`)(w, r)
	}, func(config *rest.Config) {
		config.Endpoint = config.Endpoint.JoinPath("base")
		config.UserAgent = "agent/1"
		config.Authorizer = rest.Bearer("token")
	})
	found, err := rest.Get[thing](context.Background(), c, []string{"a b", "c/d", "é"}, url.Values{"q": {"x&y"}})
	if err != nil || found.Name != "x" {
		t.Fatalf("Get = %v, %v", found, err)
	}
	if want := "/base/a%20b/c%2Fd/%C3%A9"; got.URL.EscapedPath() != want {
		t.Errorf("path %s, want %s", got.URL.EscapedPath(), want)
	}
	if got.URL.Query().Get("q") != "x&y" || got.UserAgent() != "agent/1" || got.Header.Get("Authorization") != "Bearer token" {
		t.Errorf("query %v, headers %v", got.URL.Query(), got.Header)
	}
}

func TestPathSegmentsThatLeadElsewhereAreRefused(t *testing.T) {
	t.Parallel()
	var count atomic.Int64
	c := serve(t, sequence(&count, answer(http.StatusOK, `{}`)))
	for _, segment := range []string{"", ".", ".."} {
		if _, err := rest.Get[thing](context.Background(), c, []string{"things", segment}, nil); err == nil {
			t.Errorf("segment %q was accepted", segment)
		}
	}
	if count.Load() != 0 {
		t.Errorf("%d requests were sent", count.Load())
	}
}

func TestWhatIsRepeated(t *testing.T) {
	t.Parallel()
	ok := answer(http.StatusOK, `{"name":"x"}`)
	tests := map[string]struct {
		repeatable bool
		first      http.HandlerFunc
		attempts   int64
		succeeds   bool
	}{
		"repeatable, 500":               {true, answer(500, `{}`), 2, true},
		"repeatable, 502 with HTML":     {true, answer(502, `<html>`), 2, true},
		"repeatable, 503":               {true, answer(503, `{}`), 2, true},
		"repeatable, connection cut":    {true, cut, 2, true},
		"repeatable, reply cut":         {true, half, 2, true},
		"repeatable, empty reply":       {true, answer(200, ``), 2, true},
		"repeatable, malformed reply":   {true, answer(200, `{"name":`), 2, true},
		"repeatable, 429":               {true, wait("0"), 2, true},
		"repeatable, a web page":        {true, page, 2, true},
		"repeatable, 400":               {true, answer(400, `{}`), 1, false},
		"repeatable, 404":               {true, answer(404, `{}`), 1, false},
		"repeatable, 409":               {true, answer(409, `{}`), 1, false},
		"repeatable, 501":               {true, answer(501, `{}`), 1, false},
		"unrepeatable, 500":             {false, answer(500, `{}`), 1, false},
		"unrepeatable, 503":             {false, answer(503, `{}`), 1, false},
		"unrepeatable, connection cut":  {false, cut, 1, false},
		"unrepeatable, reply cut":       {false, half, 1, false},
		"unrepeatable, malformed reply": {false, answer(200, `{"name":`), 1, false},
		"unrepeatable, a web page":      {false, page, 1, false},
		"unrepeatable, 429":             {false, wait("0"), 2, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var count atomic.Int64
			c := serve(t, sequence(&count, test.first, ok))
			_, err := rest.Send[thing](context.Background(), c, rest.Request{
				Method: http.MethodPost, Path: []string{"things"}, JSON: thing{"x"}, Repeatable: test.repeatable,
			})
			if count.Load() != test.attempts || (err == nil) != test.succeeds {
				t.Errorf("%d attempts, error %v; want %d attempts, success %t", count.Load(), err, test.attempts, test.succeeds)
			}
		})
	}
}

func TestARequestThatNeverLeftIsRepeated(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	address := server.URL
	server.Close()
	_, err := rest.Send[thing](context.Background(), client(t, address), rest.Request{Method: http.MethodPost, Path: []string{"things"}})
	failed, ok := rest.AsError(err)
	if !ok || failed.Attempts != 3 || failed.Written || failed.Status != 0 {
		t.Errorf("%+v, want 3 attempts of which none left", failed)
	}
}

func TestRetriesEnd(t *testing.T) {
	t.Parallel()
	var count atomic.Int64
	c := serve(t, sequence(&count, answer(503, `busy`)))
	_, err := rest.Get[thing](context.Background(), c, []string{"things"}, nil)
	failed, ok := rest.AsError(err)
	if !ok || count.Load() != 3 || failed.Attempts != 3 || failed.Status != 503 || failed.Message != "busy" {
		t.Errorf("%d requests, error %+v", count.Load(), failed)
	}
}

func TestALongRetryAfterIsReportedInsteadOfWaitedFor(t *testing.T) {
	t.Parallel()
	var count atomic.Int64
	c := serve(t, sequence(&count, wait("3600")))
	_, err := rest.Get[thing](context.Background(), c, []string{"things"}, nil)
	failed, ok := rest.AsError(err)
	if !ok || count.Load() != 1 || failed.RetryAfter != time.Hour {
		t.Errorf("%d requests, error %+v", count.Load(), failed)
	}
}

func TestTheContextEndsTheWait(t *testing.T) {
	t.Parallel()
	c := serve(t, wait("30"))
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if _, err := rest.Get[thing](ctx, c, []string{"things"}, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v, want the context's error", err)
	}
}

func TestUnusableReplies(t *testing.T) {
	t.Parallel()
	huge := func(w http.ResponseWriter, _ *http.Request) {
		block := []byte(strings.Repeat(" ", 1<<20))
		for range 64 {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	}
	tests := map[string]struct {
		handler http.HandlerFunc
		want    string
	}{
		"a web page":          {page, "web page"},
		"a reply of 64 MiB":   {huge, "larger than"},
		"another JSON type":   {answer(200, `[1]`), "expected shape"},
		"a field's type":      {answer(200, `{"name":1}`), "expected shape"},
		"a redirect":          {http.RedirectHandler("https://evil.example.com/", http.StatusFound).ServeHTTP, "redirects"},
		"a permanent one":     {http.RedirectHandler("/elsewhere", http.StatusPermanentRedirect).ServeHTTP, "redirects"},
		"an error in no JSON": {answer(404, `gone`), "gone"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var count atomic.Int64
			c := serve(t, sequence(&count, test.handler))
			_, err := rest.Get[thing](context.Background(), c, []string{"things"}, nil)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, want an error with %q", err, test.want)
			}
			if count.Load() != 1 {
				t.Errorf("asked %d times, want once", count.Load())
			}
		})
	}
}

func TestNoContentIsASuccess(t *testing.T) {
	t.Parallel()
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	if _, err := rest.Send[any](context.Background(), c, rest.Request{Method: http.MethodDelete, Path: []string{"things"}}); err != nil {
		t.Error(err)
	}
}

func TestErrorsHoldNoSecret(t *testing.T) {
	t.Parallel()
	const secret = "hunter2+/=&hunter2"
	secrets := &rest.Secrets{}
	secrets.Add(secret, "", "abc")
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body := fmt.Sprintf("abc: %s %s", secret, url.QueryEscape(secret))
		answer(http.StatusBadRequest, body)(w, r)
	}, func(config *rest.Config) { config.Secrets = secrets })
	_, err := rest.Get[thing](context.Background(), c, []string{"things"}, nil)
	if err == nil || strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), "abc: (secret) (secret)") {
		t.Errorf("%v", err)
	}
}

// A message is cut after its secrets are masked: the half of a secret would not be known as one.
func TestALongMessageIsCutAfterItIsMasked(t *testing.T) {
	t.Parallel()
	const secret = "hunter2-hunter2-hunter2"
	secrets := &rest.Secrets{}
	secrets.Add(secret)
	for padding := 580; padding <= 600; padding++ {
		c := serve(t, answer(http.StatusBadRequest, strings.Repeat("x", padding)+secret+strings.Repeat("y", 600)),
			func(config *rest.Config) { config.Secrets = secrets })
		_, err := rest.Get[thing](context.Background(), c, []string{"things"}, nil)
		if err == nil || strings.Contains(err.Error(), "hunter") || len(err.Error()) > 800 {
			t.Errorf("behind %d bytes: %v", padding, err)
		}
	}
}

// The transport repeats a request with an Idempotency-Key by itself when a kept connection turns out to be dead.
func TestRepeatsOfTheTransportAreCounted(t *testing.T) {
	t.Parallel()
	var count atomic.Int64
	c := serve(t, sequence(&count, answer(http.StatusOK, `{}`), cut, answer(http.StatusConflict, `{}`)))
	request := rest.Request{Method: http.MethodPost, Path: []string{"things"}, Header: http.Header{"Idempotency-Key": {"1"}}}
	if _, err := rest.Send[thing](context.Background(), c, request); err != nil {
		t.Fatal(err)
	}
	_, err := rest.Send[thing](context.Background(), c, request)
	if failed, ok := rest.AsError(err); !ok || failed.Status != http.StatusConflict || failed.Attempts != 2 {
		t.Errorf("%+v, want a conflict at the second attempt", failed)
	}
}

func TestPrivateCertificate(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(answer(200, `{"name":"x"}`))
	t.Cleanup(server.Close)
	_, err := rest.Get[thing](context.Background(), client(t, server.URL), []string{"things"}, nil)
	if failed, ok := rest.AsError(err); !ok || failed.Attempts != 1 {
		t.Errorf("an unknown authority must fail at once: %+v", failed)
	}
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	trusting := client(t, server.URL, func(config *rest.Config) { config.CAPEM = string(certificate) })
	if _, err := rest.Get[thing](context.Background(), trusting, []string{"things"}, nil); err != nil {
		t.Error(err)
	}
}

// A cookie could outrank the credential that the next request is meant to carry.
func TestCookiesAreNotKept(t *testing.T) {
	t.Parallel()
	var kept string
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		kept += r.Header.Get("Cookie")
		http.SetCookie(w, &http.Cookie{Name: "session", Value: "other"})
		answer(http.StatusOK, `{}`)(w, r)
	})
	for range 2 {
		if _, err := rest.Get[thing](context.Background(), c, []string{"things"}, nil); err != nil {
			t.Fatal(err)
		}
	}
	if kept != "" {
		t.Errorf("the second request carries %q", kept)
	}
}
