package acctest

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox"
)

// Box is a sandbox of a test's own. Its methods speak to the control endpoints, as a user could.
type Box struct {
	URL string
	env map[string]string
	// offset is how far its clock was moved, in nanoseconds.
	offset atomic.Int64
}

// Sandbox starts a sandbox on a free loopback port and ends it with the test.
func Sandbox(t testing.TB) *Box {
	t.Helper()
	return start(t, newCanary(t))
}

// start starts a sandbox to which canaries listen. They must be there first: what a test sets up first it cleans up last,
// and they judge then.
func start(t testing.TB, canaries ...*canary) *Box {
	t.Helper()
	box, err := sandbox.New(sandbox.Config{})
	if err != nil {
		t.Fatal(err)
	}
	var handler http.Handler = box
	for _, canary := range canaries {
		handler = canary.front(handler)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	env := box.Environment(server.URL)
	for _, canary := range canaries {
		canary.learnSettings(env)
	}
	if set := os.Getenv(bulkRefresh); set != "" {
		env[bulkRefresh] = set
	}
	return &Box{URL: server.URL, env: env}
}

// Env is what leads the provider to this sandbox. The map is the caller's.
func (b *Box) Env() map[string]string { return maps.Clone(b.env) }

// Set turns switches of one system.
func (b *Box) Set(t testing.TB, system string, switches map[string]string) {
	t.Helper()
	b.call(t, http.MethodPut, "options", map[string]any{system: switches}, nil)
}

// MoveClock moves the clock of the sandbox to that far ahead of this machine's, and with it [Box.Now].
func (b *Box) MoveClock(t testing.TB, ahead time.Duration) {
	t.Helper()
	b.Set(t, "clock", map[string]string{"offset": ahead.String()})
	b.offset.Store(int64(ahead))
}

// Now is the present by the clock that [Box.MoveClock] moves.
func (b *Box) Now() time.Time { return time.Now().Add(time.Duration(b.offset.Load())) }

// Fault breaks what comes next; see the sandbox's own documentation.
func (b *Box) Fault(t testing.TB, fault map[string]any) {
	t.Helper()
	b.call(t, http.MethodPost, "faults", fault, nil)
}

// Mend takes back every fault.
func (b *Box) Mend(t testing.TB) {
	t.Helper()
	b.call(t, http.MethodDelete, "faults", nil, nil)
}

// Object is one thing that a system holds.
type Object struct {
	ID, Parent, Name string
	Seeded           bool
}

// AllObjects lists what all systems hold, by system and the provider's nouns, without what was there from the start.
func (b *Box) AllObjects(t testing.TB) map[string]map[string][]Object {
	t.Helper()
	var all map[string]map[string][]Object
	b.call(t, http.MethodGet, "objects", nil, &all)
	for _, byNoun := range all {
		for noun, objects := range byNoun {
			byNoun[noun] = slices.DeleteFunc(objects, func(object Object) bool { return object.Seeded })
		}
	}
	return all
}

// Objects lists the objects of one system and noun; see [Box.AllObjects].
func (b *Box) Objects(t testing.TB, system, nouns string) []Object {
	t.Helper()
	return b.AllObjects(t)[system][nouns]
}

// RequestCount is how often a route was called.
type RequestCount struct {
	System, Method, Route string
	Token                 bool
	Status, Count         int
}

// Requests counts the requests since the start or the latest [Box.ForgetRequests].
func (b *Box) Requests(t testing.TB) []RequestCount {
	t.Helper()
	var log struct{ By []RequestCount }
	b.call(t, http.MethodGet, "requests", nil, &log)
	return log.By
}

// Logins counts the logins and token exchanges among [Box.Requests].
func (b *Box) Logins(t testing.TB) int {
	t.Helper()
	count := 0
	for _, request := range b.Requests(t) {
		if request.Token {
			count += request.Count
		}
	}
	return count
}

// ForgetRequests sets the counts to zero.
func (b *Box) ForgetRequests(t testing.TB) {
	t.Helper()
	b.call(t, http.MethodDelete, "requests", nil, nil)
}

func (b *Box) call(t testing.TB, method, endpoint string, body, answer any) {
	t.Helper()
	encoded, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(context.Background(), method, b.URL+"/_sandbox/"+endpoint, bytes.NewReader(encoded))
	if err != nil {
		t.Fatal(err)
	}
	response, err := (&http.Client{Timeout: time.Minute}).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode > 299 {
		t.Fatalf("%s %s answered %s", method, endpoint, response.Status)
	}
	if answer == nil {
		return
	}
	if err := json.NewDecoder(response.Body).Decode(answer); err != nil {
		t.Fatal(err)
	}
}
