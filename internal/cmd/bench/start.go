package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// starts is how often each provider is started.
const starts = 15

// readiness is how long providers need until they say that they can be spoken to.
type readiness struct {
	ours, floor []time.Duration
}

// start starts the providers in turn.
func (b *bench) start(ctx context.Context) (readiness, error) {
	var taken readiness
	for range starts {
		ours, err := ready(ctx, filepath.Join(b.ours, providerName))
		if err != nil {
			return taken, err
		}
		floor, err := ready(ctx, filepath.Join(b.floor, providerName))
		if err != nil {
			return taken, err
		}
		taken.ours, taken.floor = append(taken.ours, ours), append(taken.floor, floor)
	}
	return taken, nil
}

// ready starts a provider as a CLI does, and ends it once it has said where it listens.
func ready(ctx context.Context, path string) (took time.Duration, err error) {
	command := exec.CommandContext(ctx, path) //nolint:gosec // A provider that `make bench` has built.
	// The handshake of Terraform's plugins, version 6 of the protocol.
	command.Env = []string{
		"TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
		"PLUGIN_PROTOCOL_VERSIONS=6", "PLUGIN_MIN_PORT=10000", "PLUGIN_MAX_PORT=25000",
	}
	output, err := command.StdoutPipe()
	if err != nil {
		return 0, err
	}
	started := time.Now()
	if err := command.Start(); err != nil {
		return 0, fmt.Errorf("%w; run the bench with `make bench`, which builds the providers", err)
	}
	defer func() {
		_ = command.Process.Kill()
		_ = command.Wait() // It was killed.
	}()
	line, err := bufio.NewReader(output).ReadString('\n')
	took = time.Since(started)
	if err != nil || !strings.Contains(line, "|grpc|") {
		return took, errors.Join(fmt.Errorf("%s says %q instead of where it listens", path, line), err)
	}
	return took, nil
}
