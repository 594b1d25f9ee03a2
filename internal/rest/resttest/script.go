package resttest

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// Cut is the status of a connection that ends without an answer.
const Cut = 0

// Request is one request as a [Script] saw it.
type Request struct {
	Route, Query, Body         string
	ContentType, Authorization string
	Header                     http.Header
}

type answer struct {
	status int
	body   string
}

// Script is a server that answers each route, "METHOD /path", with what stands first in its list; the last answer stays. A
// route without a list is answered with 418. A body that begins like HTML goes out as HTML, any other as JSON.
type Script struct {
	URL string
	// Date is what the server's clock tells; "" for the true time.
	Date string
	// Before is called ahead of each answer, while the client waits for it; nil for nothing.
	Before func(*http.Request)

	mu      sync.Mutex
	answers map[string][]answer
	seen    []Request
}

// NewScript starts a server that has no answers yet.
func NewScript(tb testing.TB) *Script {
	tb.Helper()
	s := &Script{answers: map[string][]answer{}}
	s.URL = serve(tb, s)
	return s
}

// Answer puts an answer at the end of a route's list.
func (s *Script) Answer(route string, status int, body string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[route] = append(s.answers[route], answer{status, body})
}

// All are the requests so far.
func (s *Script) All() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.seen...)
}

// Requests are those of a route so far.
func (s *Script) Requests(route string) []Request {
	var found []Request
	for _, request := range s.All() {
		if request.Route == route {
			found = append(found, request)
		}
	}
	return found
}

// ServeHTTP implements [http.Handler].
func (s *Script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	given := s.note(r, string(body))
	if s.Before != nil {
		s.Before(r)
	}
	if given.status == Cut {
		panic(http.ErrAbortHandler)
	}
	if s.Date != "" {
		w.Header().Set("Date", s.Date)
	}
	w.Header().Set("Content-Type", "application/json")
	if strings.HasPrefix(given.body, "<") {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
	}
	w.WriteHeader(given.status)
	_, _ = w.Write([]byte(given.body))
}

// note remembers a request and returns its answer.
func (s *Script) note(r *http.Request, body string) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	route := r.Method + " " + r.URL.Path
	s.seen = append(s.seen, Request{
		Route: route, Query: r.URL.RawQuery, Body: body, Header: r.Header,
		ContentType: r.Header.Get("Content-Type"), Authorization: r.Header.Get("Authorization"),
	})
	answers := s.answers[route]
	if len(answers) == 0 {
		return answer{http.StatusTeapot, `{"message":"no such route in this test"}`}
	}
	if len(answers) > 1 {
		s.answers[route] = answers[1:]
	}
	return answers[0]
}
