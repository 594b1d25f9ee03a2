package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// sandbox is the running machineid-sandbox.
type sandbox struct {
	address     string
	environment environment
	command     *exec.Cmd
	ended       chan error
}

// startSandbox returns once the sandbox listens.
func startSandbox(ctx context.Context, program, folder string) (*sandbox, error) {
	file := filepath.Join(folder, "sandbox.env")
	command := exec.Command(program, "-listen", "127.0.0.1:0", "-env-file", file) //nolint:gosec,noctx // stop ends it, after the context too.
	command.Stderr = os.Stderr
	ownGroup(command)
	output, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("cannot start the sandbox: %w; run the demo with `make demo`, which builds it", err)
	}
	s := &sandbox{command: command, ended: make(chan error, 1)}
	ready := make(chan string, 1)
	go func() {
		listen(output, ready)
		s.ended <- command.Wait()
	}()
	if err := s.await(ctx, ready); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	if s.environment, err = readEnvironment(file); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	return s, nil
}

// listen passes the address on, and then reads on so that the sandbox is never blocked.
func listen(output io.Reader, ready chan<- string) {
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		if _, address, found := strings.Cut(lines.Text(), "listening on "); found {
			ready <- strings.TrimSpace(address)
			break
		}
	}
	_, _ = io.Copy(io.Discard, output)
}

func (s *sandbox) await(ctx context.Context, ready <-chan string) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	select {
	case s.address = <-ready:
		return nil
	case err := <-s.ended:
		s.ended <- err
		return errors.New("the sandbox ended before it listened")
	case <-ctx.Done():
		return fmt.Errorf("the sandbox does not listen: %w", ctx.Err())
	}
}

// stop asks the sandbox to end, and makes it end if it does not.
func (s *sandbox) stop() error {
	_ = s.command.Process.Signal(syscall.SIGTERM)
	select {
	case err := <-s.ended:
		if err != nil {
			return fmt.Errorf("the sandbox did not end cleanly: %w", err)
		}
		return nil
	case <-time.After(10 * time.Second):
		_ = s.command.Process.Kill()
		return errors.Join(errors.New("the sandbox did not end when asked to, and was killed"), <-s.ended)
	}
}

// object is one entry of what the sandbox says it holds.
type object struct {
	ID     string `json:"id"`
	Parent string `json:"parent"`
	Name   string `json:"name"`
	Active bool   `json:"active"`
	Seeded bool   `json:"seeded"`
}

// objects returns what a system of the sandbox holds by now, by noun, without the seeds.
func (s *sandbox) objects(ctx context.Context, system string) (map[string][]object, error) {
	var all map[string]map[string][]object
	if status, err := send(ctx, http.MethodGet, s.address+"/_sandbox/objects", nil, nil, &all); err != nil || status != http.StatusOK {
		return nil, errors.Join(fmt.Errorf("cannot look into the sandbox: status %d", status), err)
	}
	held, known := all[system]
	if !known {
		return nil, fmt.Errorf("the sandbox knows no system %q", system)
	}
	made := map[string][]object{}
	for noun, list := range held {
		for _, o := range list {
			if !o.Seeded {
				made[noun] = append(made[noun], o)
			}
		}
	}
	return made, nil
}

// asked is one kind of request that the sandbox was sent, and how often.
type asked struct {
	System, Method, Route string
	Status, Count         int
}

// requests returns what the sandbox was asked since it was told to forget.
func (s *sandbox) requests(ctx context.Context) ([]asked, error) {
	var log struct{ By []asked }
	status, err := send(ctx, http.MethodGet, s.address+"/_sandbox/requests", nil, nil, &log)
	if err != nil || status != http.StatusOK {
		return nil, errors.Join(fmt.Errorf("cannot ask what the sandbox was asked: status %d", status), err)
	}
	return log.By, nil
}

// forgetRequests begins a new count.
func (s *sandbox) forgetRequests(ctx context.Context) error {
	status, err := send(ctx, http.MethodDelete, s.address+"/_sandbox/requests", nil, nil, nil)
	if err != nil || status > 299 {
		return errors.Join(fmt.Errorf("the sandbox does not forget what it was asked: status %d", status), err)
	}
	return nil
}

// set sets a switch of one of the sandbox's systems, or of its clock.
func (s *sandbox) set(ctx context.Context, system, name, value string) error {
	body, err := json.Marshal(map[string]map[string]string{system: {name: value}})
	if err != nil {
		return err
	}
	header := http.Header{"Content-Type": {"application/json"}}
	status, err := send(ctx, http.MethodPut, s.address+"/_sandbox/options", header, bytes.NewReader(body), nil)
	if err != nil || status > 299 {
		return errors.Join(fmt.Errorf("cannot set %s of the sandbox's %s: status %d", name, system, status), err)
	}
	return nil
}

// setClock moves the sandbox's clock to so long after this machine's.
func (s *sandbox) setClock(ctx context.Context, offset string) error {
	return s.set(ctx, "clock", "offset", offset)
}

// send makes one request outside Terraform. A reply of 200 is decoded into what into points to.
func send(ctx context.Context, method, url string, header http.Header, body io.Reader, into any) (int, error) {
	request, err := http.NewRequestWithContext(ctx, method, url, body)
	if err != nil {
		return 0, err
	}
	for name := range header {
		request.Header.Set(name, header.Get(name))
	}
	client := &http.Client{Timeout: 10 * time.Second}
	response, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK || into == nil {
		return response.StatusCode, nil
	}
	return response.StatusCode, json.NewDecoder(response.Body).Decode(into)
}
