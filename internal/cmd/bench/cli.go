package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// address is that of the provider, with its host: OpenTofu takes the short form for its own registry.
const address = "registry.terraform.io/machineid/machineid"

// program is the CLI that TF_ACC_TERRAFORM_PATH names, as for the tests.
func program() (string, error) {
	path, err := exec.LookPath(cmp.Or(os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform"))
	if err != nil {
		return "", fmt.Errorf("no Terraform CLI: %w; run the bench with `make bench`, which finds or builds one", err)
	}
	return path, nil
}

// contestant is a folder in which the CLI works with one provider.
type contestant struct {
	program, folder string
	environment     []string
}

// newContestant lets the CLI take the provider in the folder named by provider, or none at all, and makes it ready.
func newContestant(ctx context.Context, path, folder, provider string, variables map[string]string) (*contestant, error) {
	c := &contestant{program: path, folder: folder}
	mirror := filepath.Join(folder, "mirror")
	if provider != "" {
		if err := install(mirror, filepath.Join(provider, providerName)); err != nil {
			return nil, err
		}
	}
	file := filepath.Join(folder, "cli.tfrc")
	content := fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", mirror)
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		return nil, err
	}
	for _, name := range []string{"PATH", "HOME", "TMPDIR"} {
		c.environment = append(c.environment, name+"="+os.Getenv(name))
	}
	for name, value := range variables {
		c.environment = append(c.environment, name+"="+value)
	}
	c.environment = append(c.environment, "TF_CLI_CONFIG_FILE="+file, "TF_IN_AUTOMATION=1", "CHECKPOINT_DISABLE=1")
	_, err := c.run(ctx, "init")
	return c, err
}

// install makes a mirror as the CLI wants it, with one version of the provider.
func install(mirror, binary string) error {
	const version = "0.0.1"
	folder := filepath.Join(mirror, filepath.FromSlash(address), version, runtime.GOOS+"_"+runtime.GOARCH)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	return os.Symlink(binary, filepath.Join(folder, providerName+"_v"+version))
}

// sample is what one command took.
type sample struct {
	wall time.Duration
	peak int64 // of the provider's memory, in bytes; 0 where it cannot be seen
}

func (c *contestant) apply(ctx context.Context) (sample, error) {
	return c.run(ctx, "apply", "-auto-approve", fmt.Sprint("-parallelism=", parallelism))
}

// plan fails unless there is nothing to change.
func (c *contestant) plan(ctx context.Context) (sample, error) {
	return c.run(ctx, "plan", "-detailed-exitcode", fmt.Sprint("-parallelism=", parallelism))
}

func (c *contestant) run(ctx context.Context, verb string, arguments ...string) (sample, error) {
	arguments = append([]string{verb, "-input=false", "-no-color"}, arguments...)
	command := exec.CommandContext(ctx, c.program, arguments...) //nolint:gosec // The CLI that the caller chose.
	command.Dir, command.Env = c.folder, c.environment
	var said bytes.Buffer
	command.Stderr = &said
	// Interrupted, the CLI stops its provider; killed, it would not.
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = 30 * time.Second
	started := time.Now()
	if err := command.Start(); err != nil {
		return sample{}, err
	}
	watched := watchMemory(command.Process.Pid)
	err := command.Wait()
	took := sample{wall: time.Since(started), peak: watched.end()}
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit) && exit.ExitCode() == 2:
		return took, errors.New("a plan found something to change where nothing was changed")
	case err != nil:
		return took, fmt.Errorf("terraform %s: %w\n%s", verb, err, strings.TrimSpace(said.String()))
	}
	return took, nil
}
