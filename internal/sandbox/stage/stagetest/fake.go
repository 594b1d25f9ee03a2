// Package stagetest serves a fake to the fake's own tests, and speaks to it over HTTP as a client would. It knows no
// vendor: the tests of a system embed a [Fake] and add the words of that system.
package stagetest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
)

// Fake is a fake under test. What it is asked for and must answer ends the test if it does not.
type Fake struct {
	stage.System

	T     *testing.T
	URL   string
	Clock *stage.Clock
	// Admin is the Authorization header of [Fake.Get], [Fake.Post], [Fake.Patch] and [Fake.Del].
	Admin string
}

// Serve makes a fake whose clock stands on what now tells, and serves it until the test ends.
func Serve(t *testing.T, construct stage.Constructor, now func() time.Time) *Fake {
	t.Helper()
	clock := stage.NewClock(now)
	system := construct(clock)
	listener := httptest.NewServer(system)
	t.Cleanup(listener.Close)
	return &Fake{System: system, T: t, URL: listener.URL, Clock: clock}
}

// Set turns switches, given as name and value by turns.
func (f *Fake) Set(switches ...string) {
	f.T.Helper()
	wanted := map[string]string{}
	for i := 0; i < len(switches); i += 2 {
		wanted[switches[i]] = switches[i+1]
	}
	if err := f.Options().Check(wanted); err != nil {
		f.T.Fatal(err)
	}
	f.Options().Set(wanted)
}

// Do sends a request to a path below the fake's address. A body that is a string goes out as it is, any other as JSON;
// no Authorization is sent if it is "". Headers, given as name and value by turns, overrule what Do would send.
func (f *Fake) Do(method, path, authorization string, body any, headers ...string) Reply {
	f.T.Helper()
	var content io.Reader
	switch body := body.(type) {
	case nil:
	case string:
		content = strings.NewReader(body)
	default:
		encoded, err := json.Marshal(body)
		if err != nil {
			f.T.Fatal(err)
		}
		content = strings.NewReader(string(encoded))
	}
	request, err := http.NewRequestWithContext(f.T.Context(), method, f.URL+path, content)
	if err != nil {
		f.T.Fatal(err)
	}
	if authorization != "" {
		request.Header.Set("Authorization", authorization)
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	return f.Send(request)
}

// Send sends a request that a test has made itself.
func (f *Fake) Send(request *http.Request) Reply {
	f.T.Helper()
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		f.T.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		f.T.Fatal(err)
	}
	r := Reply{Status: response.StatusCode, Header: response.Header, Text: string(text)}
	if response.Header.Get("Content-Type") == "application/json" {
		if err := json.Unmarshal(text, &r.Value); err != nil {
			f.T.Fatalf("%s %s: %v", request.Method, request.URL.Path, err)
		}
	}
	return r
}

// Get asks as [Fake.Admin].
func (f *Fake) Get(path string) Reply {
	f.T.Helper()
	return f.Do(http.MethodGet, path, f.Admin, nil)
}

// Post asks as [Fake.Admin].
func (f *Fake) Post(path string, body any) Reply {
	f.T.Helper()
	return f.Do(http.MethodPost, path, f.Admin, body)
}

// Patch asks as [Fake.Admin].
func (f *Fake) Patch(path string, body any) Reply {
	f.T.Helper()
	return f.Do(http.MethodPatch, path, f.Admin, body)
}

// Del asks as [Fake.Admin].
func (f *Fake) Del(path string) Reply {
	f.T.Helper()
	return f.Do(http.MethodDelete, path, f.Admin, nil)
}

// Want checks a status.
func (f *Fake) Want(r Reply, status int) {
	f.T.Helper()
	if r.Status != status {
		f.T.Fatalf("got status %d, want %d: %s", r.Status, status, r.Text)
	}
}

// WantNothing checks an answer without a body.
func (f *Fake) WantNothing(r Reply, status int) {
	f.T.Helper()
	f.Want(r, status)
	if r.Text != "" || r.Header.Get("Content-Type") != "" {
		f.T.Fatalf("got %q of type %q, want no body", r.Text, r.Header.Get("Content-Type"))
	}
}

// WantEqual compares values of any kind.
func (f *Fake) WantEqual(got, want any) {
	f.T.Helper()
	if !reflect.DeepEqual(got, want) {
		f.T.Fatalf("got  %#v\nwant %#v", got, want)
	}
}
