// Package sandbox serves fakes of all systems behind one address, so that the provider can be tried and tested without
// an account anywhere. The fakes keep what they are told, conflict, page, cascade and refuse as the real systems do.
// Under /_sandbox/ it lets tests look inside, break the connection, turn switches and move the clock.
package sandbox

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
	"github.com/machineid/terraform-provider-machineid/internal/service/dt/dttest"
	"github.com/machineid/terraform-provider-machineid/internal/service/keycard/keycardtest"
	"github.com/machineid/terraform-provider-machineid/internal/service/neowit/neowittest"
	"github.com/machineid/terraform-provider-machineid/internal/service/zenml/zenmltest"
)

// constructors lists the fakes. With its import, this is all the sandbox knows of a system.
var constructors = []stage.Constructor{
	zenmltest.New,
	dttest.New,
	neowittest.New,
	keycardtest.New,
}

// Config says how a sandbox is set up. Its zero value is a sandbox that forgets everything at its end.
type Config struct {
	// StateFile is where the data is kept over restarts; empty for nowhere. It is written after every request that is
	// no mere read, and by Close: of a sandbox that is killed, only the last use of a credential may be forgotten.
	StateFile string
	Latency   time.Duration    // how long each request waits before it is handled
	Now       func() time.Time // the time to go by; nil means the machine's
}

// Sandbox is an http.Handler with all systems. It does not listen by itself.
type Sandbox struct {
	config  Config
	clock   *stage.Clock
	options *stage.Options // those of the sandbox itself
	systems []stage.System

	faults   faults
	requests requests
	control  *http.ServeMux

	saving sync.Mutex
}

// New sets a sandbox up: from its state file if there is one, else with fresh seeds.
func New(config Config) (*Sandbox, error) {
	s := &Sandbox{config: config, clock: stage.NewClock(config.Now), options: clockOptions()}
	for _, construct := range constructors {
		s.systems = append(s.systems, construct(s.clock))
	}
	s.control = s.controlRoutes()
	if err := s.load(); err != nil {
		return nil, err
	}
	// Written at once, so that the seeds' credentials are the same after a crash.
	if err := s.save(); err != nil {
		return nil, err
	}
	return s, nil
}

// Environment returns the variables that lead a client to the systems of a sandbox served at baseURL.
func (s *Sandbox) Environment(baseURL string) map[string]string {
	variables := map[string]string{}
	for _, system := range s.systems {
		for name, value := range system.Environment(strings.TrimRight(baseURL, "/") + "/" + system.Name()) {
			variables[name] = value
		}
	}
	return variables
}

// Close writes the state file.
func (s *Sandbox) Close() error {
	return s.save()
}

// ServeHTTP serves every system under its own prefix, and the control endpoints.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if name == "_sandbox" {
		s.control.ServeHTTP(w, r)
		return
	}
	system := s.system(name)
	if system == nil {
		refuse(w, http.StatusNotFound, fmt.Errorf("there is no system under /%s; there are: %s, and /_sandbox/",
			name, strings.Join(s.names(), ", ")))
		return
	}
	whole := r.URL.Path
	r = r.Clone(r.Context())
	r.URL.Path, r.URL.RawPath = "/"+rest, ""
	if !pause(r.Context(), s.config.Latency) {
		return
	}

	// Whoever compares what the systems date with their clock must not see the machine's. Where a fake tells a date itself,
	// that counts.
	w.Header().Set("Date", s.clock.Now().Format(http.TimeFormat))
	met := system.Route(r)
	entry := request{System: name, Method: r.Method, Route: met.Template(), Token: met.Token()}
	if armed, ok := s.faults.take(name, r.Method, whole, r.URL.Path); ok {
		s.spoil(w, r, system, entry, armed)
		return
	}
	reply := s.handle(system, r)
	entry.Status = reply.status
	s.requests.count(entry)
	reply.send(w)
}

// handle lets the system answer, and keeps what a request may have changed before anybody sees the answer.
func (s *Sandbox) handle(system stage.System, r *http.Request) *reply {
	reply := newReply()
	system.ServeHTTP(reply, r)
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		if err := s.save(); err != nil {
			reply = newReply()
			refuse(reply, http.StatusInternalServerError, err)
		}
	}
	return reply
}

func (s *Sandbox) system(name string) stage.System {
	i := slices.IndexFunc(s.systems, func(system stage.System) bool { return system.Name() == name })
	if i < 0 {
		return nil
	}
	return s.systems[i]
}

func (s *Sandbox) names() []string {
	var names []string
	for _, system := range s.systems {
		names = append(names, "/"+system.Name()+"/")
	}
	return names
}

// pause waits, and returns false when the client did not.
func pause(ctx context.Context, wait time.Duration) bool {
	if wait <= 0 {
		return true
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
