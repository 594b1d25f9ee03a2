// Package resttest stands in for the server of a client where no fake can: it answers what a test dictates, or what no honest
// server would, such as anything at all, hostile ids, and lists without an end. It knows no vendor.
package resttest

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// Hostile is a server that gives one answer, whichever it is, to the first request and refuses the others, so that no list
// is followed. Logins are answered as they should be.
type Hostile struct {
	URL string
	// Calls are the client's calls whose answers are decoded. Each returns what it understood, in the form that the API
	// answers it in.
	Calls map[string]func(context.Context) (any, error)
	// Own are the errors of the client's own kinds, beside those of package rest.
	Own []error

	login  string
	status int
	body   string
	asked  atomic.Int64
}

// NewHostile starts a hostile server. The paths of its logins end in login; "" stands for none.
func NewHostile(tb testing.TB, login string) *Hostile {
	tb.Helper()
	h := &Hostile{login: login}
	h.URL = serve(tb, h)
	return h
}

// ServeHTTP implements [http.Handler].
func (h *Hostile) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	if loggedIn(w, r, h.login) {
		return
	}
	if h.asked.Add(1) > 1 {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	w.WriteHeader(h.status)
	_, _ = w.Write([]byte(h.body))
}

// answered makes a call that gets an answer.
func (h *Hostile) answered(t *testing.T, call string, status int, body string) (string, error) {
	t.Helper()
	h.status, h.body = status, body
	h.asked.Store(0)
	understood, err := h.Calls[call](t.Context())
	if err != nil {
		return "", err
	}
	encoded, err := json.Marshal(understood)
	if err != nil {
		t.Fatalf("%s: what was understood cannot be written: %v", call, err)
	}
	return string(encoded), nil
}

// Answers is a fuzz target: whatever is answered, a call either understands it, and understands the same when it is
// answered what it understood, or ends with an error of a known kind that can be shown. It begins with these bodies, which
// are a system's own, and some that no system has.
func (h *Hostile) Answers(f *testing.F, bodies ...string) {
	f.Helper()
	foreign := []string{`{}`, `null`, `[]`, `"x"`, `{"id":"../x"}`, `{"id":"a\u001b[31m"}`, `{"id":7,"items":7}`, `{"error":{"message":"m"}}`}
	for _, body := range slices.Concat(foreign, bodies) {
		f.Add(false, body)
		f.Add(true, body)
	}
	if len(h.Calls) == 0 {
		f.Fatal("there is no call to answer")
	}
	f.Fuzz(func(t *testing.T, refused bool, body string) {
		status := http.StatusOK
		if refused {
			status = http.StatusForbidden
		}
		for call := range h.Calls {
			understood, err := h.answered(t, call, status, body)
			if err != nil {
				h.mustBeShowable(t, call, err)
				continue
			}
			if refused {
				t.Fatalf("%s: a refusal was understood as %s", call, understood)
			}
			again, err := h.answered(t, call, status, understood)
			if err != nil || again != understood {
				t.Fatalf("%s: %s was understood first, then %s, %v", call, understood, again, err)
			}
		}
	})
}

// MustRefuseIDs answers calls with bodies that hold an id, written <id>, that leads elsewhere or steers a terminal. Each
// call must tell that, in words that hold this text, and use nothing of the answer.
func (h *Hostile) MustRefuseIDs(t *testing.T, text string, bodies map[string]string) {
	t.Helper()
	for _, id := range []string{`../x`, `..`, `a/b/c`, `a\\b`, `a\u001b[31m`, `a\r\nb`, `a\u202eb`, strings.Repeat("x", 100_000)} {
		for call, body := range bodies {
			understood, err := h.answered(t, call, http.StatusOK, strings.ReplaceAll(body, "<id>", id))
			if err == nil {
				t.Errorf("%s with the id %.100s was understood as %.300s", call, id, understood)
				continue
			}
			h.mustBeShowable(t, call, err)
			if !strings.Contains(err.Error(), text) || len(err.Error()) > 1000 {
				t.Errorf("%s with the id %.100s: the error is %.300v", call, id, err)
			}
		}
	}
}

func (h *Hostile) mustBeShowable(t *testing.T, call string, err error) {
	t.Helper()
	var incomplete *rest.IncompleteError
	_, answered := rest.AsError(err)
	own := slices.ContainsFunc(h.Own, func(kind error) bool { return errors.Is(err, kind) })
	if !answered && !errors.As(err, &incomplete) && !own {
		t.Fatalf("%s: the error is of no known kind: %v", call, err)
	}
	if text := err.Error(); len(text) > 4000 || strings.ContainsAny(text, "\x00\x1b\u009b\r\u202e") {
		t.Fatalf("%s: the error cannot be shown: %q", call, text)
	}
}

// OrEmpty spares what is written of an answer a check for nil.
func OrEmpty[T any](value *T) *T {
	if value == nil {
		return new(T)
	}
	return value
}

// serve serves until the test ends, and returns the address.
func serve(tb testing.TB, handler http.Handler) string {
	tb.Helper()
	server := httptest.NewServer(handler)
	tb.Cleanup(server.Close)
	return server.URL
}

// loggedIn answers a request if it is a login.
func loggedIn(w http.ResponseWriter, r *http.Request, login string) bool {
	if login == "" || !strings.HasSuffix(r.URL.Path, login) {
		return false
	}
	_, _ = w.Write([]byte(`{"access_token":"the-token","expires_in":3600}`))
	return true
}
