package acctest

import (
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
)

// Between is what a test does to the requests that pass between a provider and its sandbox. Its functions may wait, and
// may be nil.
type Between struct {
	// Before runs when a request has come. If it returns false, the connection is closed, and the sandbox never hears of it.
	Before func(*http.Request) bool
	// After runs when the sandbox has answered. If it returns false, the connection is closed, and the answer is lost.
	After func(*http.Request) bool
	// Seen is shown each answer as it came, but for its body.
	Seen func(*http.Response)
	// Rewrite returns what stands in the place of an answer.
	Rewrite func(request *http.Request, answer string) string
}

// Between stands between a provider and this sandbox until the test ends. It returns the environment that leads through
// it.
func (b *Box) Between(t testing.TB, between Between) map[string]string {
	t.Helper()
	target, err := url.Parse(b.URL)
	if err != nil {
		t.Fatal(err)
	}
	forward := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) },
		ModifyResponse: func(response *http.Response) error {
			if between.Seen != nil {
				between.Seen(response)
			}
			if between.After != nil && !between.After(response.Request) {
				return http.ErrAbortHandler
			}
			if between.Rewrite == nil {
				return nil
			}
			return rewrite(response, between.Rewrite)
		},
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
	}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if between.Before != nil && !between.Before(r) {
			panic(http.ErrAbortHandler)
		}
		forward.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	env := maps.Clone(b.env)
	for name, value := range env {
		env[name] = strings.Replace(value, b.URL, front.URL, 1)
	}
	return env
}

func rewrite(response *http.Response, with func(*http.Request, string) string) error {
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	text := with(response.Request, string(answer))
	response.Body = io.NopCloser(strings.NewReader(text))
	response.ContentLength = int64(len(text))
	response.Header.Set("Content-Length", strconv.Itoa(len(text)))
	return nil
}

// IsCreation tells that a request makes an object, at a path that ends like this pattern of a [Box.Fault].
func IsCreation(r *http.Request, pattern string) bool {
	return r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, pattern[strings.LastIndexByte(pattern, '/'):])
}

// Visit has somebody else act when the first creation at a path of this pattern arrives. That creation is then lost: its
// answer, or already its request. It returns the environment in which that happens, and what tells afterwards what the other
// has made.
func (b *Box) Visit(t testing.TB, pattern string, requestLost bool, act func() (id, secret string)) (env map[string]string, theirs func() (id, secret string)) {
	t.Helper()
	var visited, lost atomic.Bool
	made := make(chan [2]string, 1)
	env = b.Between(t, Between{
		Before: func(r *http.Request) bool {
			if !IsCreation(r, pattern) || !visited.CompareAndSwap(false, true) {
				return true
			}
			id, secret := act()
			made <- [2]string{id, secret}
			return !requestLost
		},
		After: func(r *http.Request) bool {
			return !IsCreation(r, pattern) || requestLost || !lost.CompareAndSwap(false, true)
		},
	})
	return env, func() (id, secret string) {
		t.Helper()
		select {
		case both := <-made:
			return both[0], both[1]
		default:
			t.Fatal("nothing was to be made")
			return "", ""
		}
	}
}
