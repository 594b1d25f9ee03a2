package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox"
)

// box is a sandbox in this process, with a place for the states of those who use it.
type box struct {
	url, states string
	variables   map[string]string
	servers     []*http.Server
}

func newBox(ctx context.Context, latency time.Duration) (*box, error) {
	handler, err := sandbox.New(sandbox.Config{Latency: latency})
	if err != nil {
		return nil, err
	}
	b := &box{}
	if b.url, err = b.serve(ctx, handler); err != nil {
		return nil, err
	}
	b.variables = handler.Environment(b.url)
	b.states, err = b.serve(ctx, &states{})
	return b, err
}

// serve listens on a free port and returns the address.
func (b *box) serve(ctx context.Context, handler http.Handler) (string, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	b.servers = append(b.servers, server)
	go func() { _ = server.Serve(listener) }()
	return "http://" + listener.Addr().String(), nil
}

func (b *box) close() {
	for _, server := range b.servers {
		_ = server.Close()
	}
}

// states is what the CLI's backend "http" keeps a state in, by path.
type states struct{ held sync.Map }

// ServeHTTP implements http.Handler.
func (s *states) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		state, err := io.ReadAll(r.Body)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		s.held.Store(r.URL.Path, state)
		return
	}
	state, held := s.held.Load(r.URL.Path)
	if !held {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	_, _ = w.Write(state.([]byte)) //nolint:gosec // A state that the CLI itself has stored here.
}

// limit turns the documented limit of DT on.
func (b *box) limit(ctx context.Context) error {
	return b.call(ctx, http.MethodPut, "options", `{"dt": {"rate_limit": "true"}}`, nil)
}

// requests are what was asked since the last call, logins aside.
type requests struct{ all, posts int }

func (b *box) requests(ctx context.Context) (requests, error) {
	var log struct {
		By []struct {
			Method string
			Token  bool
			Count  int
		}
	}
	var sum requests
	if err := b.call(ctx, http.MethodGet, "requests", "", &log); err != nil {
		return sum, err
	}
	for _, alike := range log.By {
		if alike.Token {
			continue
		}
		sum.all += alike.Count
		if alike.Method == http.MethodPost {
			sum.posts += alike.Count
		}
	}
	return sum, b.call(ctx, http.MethodDelete, "requests", "", nil)
}

func (b *box) call(ctx context.Context, method, endpoint, body string, answer any) error {
	request, err := http.NewRequestWithContext(ctx, method, b.url+"/_sandbox/"+endpoint, strings.NewReader(body)) //nolint:gosec // The sandbox in this process.
	if err != nil {
		return err
	}
	response, err := (&http.Client{Timeout: time.Minute}).Do(request) //nolint:gosec // The sandbox in this process.
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode > 299 {
		return fmt.Errorf("%s %s: the sandbox answers %s", method, endpoint, response.Status)
	}
	if answer == nil {
		return nil
	}
	return json.NewDecoder(response.Body).Decode(answer)
}
