package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// cli is the Terraform CLI in a folder, with an environment that holds what the provider needs
// and nothing that the person who runs the demo has set for other work.
type cli struct {
	program     string
	folder      string
	environment []string
	secrets     []string
}

// newCLI takes the CLI that TF_ACC_TERRAFORM_PATH names, as the tests do.
func newCLI(bin, folder string, sandbox environment) (*cli, error) {
	program := cmp.Or(os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform")
	path, err := exec.LookPath(program)
	if err != nil {
		return nil, fmt.Errorf("no Terraform CLI: %w; run the demo with `make demo`, which finds or builds one", err)
	}
	settings := filepath.Join(folder, "cli.tfrc")
	overrides := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    %q = %q\n  }\n}\n", address, bin)
	if err := os.WriteFile(settings, []byte(overrides), 0o600); err != nil {
		return nil, err
	}
	c := &cli{program: path, folder: folder, secrets: sandbox.secrets()}
	for _, name := range []string{"PATH", "HOME", "TMPDIR"} {
		c.environment = append(c.environment, name+"="+os.Getenv(name))
	}
	c.environment = append(c.environment, sandbox.list()...)
	c.environment = append(c.environment, "TF_CLI_CONFIG_FILE="+settings, "TF_IN_AUTOMATION=1", "CHECKPOINT_DISABLE=1")
	return c, nil
}

// address is spelled out with its host: OpenTofu takes the short form for its own registry.
const address = "registry.terraform.io/machineid/machineid"

// in returns the same CLI in another folder.
func (c *cli) in(folder string) *cli {
	moved := *c
	moved.folder = folder
	return &moved
}

func (c *cli) version(ctx context.Context) string {
	said, err := c.run(ctx, "version")
	first, _, _ := strings.Cut(said, "\n")
	if err != nil || first == "" {
		return c.program
	}
	return first
}

// output returns an output of the configuration. What it says is kept out of all messages.
func (c *cli) output(ctx context.Context, name string) (string, error) {
	value, err := c.run(ctx, "output", "-raw", "-no-color", name)
	if err == nil && value == "" {
		err = fmt.Errorf("the output %s is empty", name)
	}
	c.secrets = append(c.secrets, value)
	return value, err
}

func (c *cli) decode(ctx context.Context, into any, arguments ...string) error {
	said, err := c.run(ctx, arguments...)
	if err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(said), into); err != nil {
		return fmt.Errorf("cannot read what %s %s says: %w", filepath.Base(c.program), arguments[0], err)
	}
	return nil
}

// run returns what the command wrote to stdout.
func (c *cli) run(ctx context.Context, arguments ...string) (string, error) {
	said, code, err := c.execute(ctx, arguments)
	if err == nil && code != 0 {
		err = c.failure(arguments[0], code, said)
	}
	return said.out.String(), err
}

// exitCode runs a command for which 2 is an answer, not a failure.
func (c *cli) exitCode(ctx context.Context, arguments ...string) (int, error) {
	said, code, err := c.execute(ctx, arguments)
	if err == nil && code != 0 && code != 2 {
		err = c.failure(arguments[0], code, said)
	}
	return code, err
}

type speech struct {
	out, err bytes.Buffer
}

func (c *cli) execute(ctx context.Context, arguments []string) (*speech, int, error) {
	var said speech
	command := exec.CommandContext(ctx, c.program, arguments...) //nolint:gosec // The CLI that the caller chose.
	command.Dir = c.folder
	command.Env = c.environment
	command.Stdout, command.Stderr = &said.out, &said.err
	// Interrupted, the CLI stops its provider and saves its state; killed, it would do neither.
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = 15 * time.Second
	ownGroup(command)
	err := command.Run()
	endGroup(command)
	var exit *exec.ExitError
	if errors.As(err, &exit) && ctx.Err() == nil {
		return &said, exit.ExitCode(), nil
	}
	return &said, 0, err
}

func (c *cli) failure(verb string, code int, said *speech) error {
	text := said.err.String()
	for _, secret := range c.secrets {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "(secret)")
		}
	}
	return fmt.Errorf("%s %s ended with code %d:\n%s", filepath.Base(c.program), verb, code, strings.TrimSpace(text))
}
