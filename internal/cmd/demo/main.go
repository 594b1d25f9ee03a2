// Command demo tells what the provider does, as stories that really happen: the Terraform CLI
// drives the provider against a sandbox that lives only as long as the demo. A step that does
// not turn out as told ends it with an error. It never prints a secret.
//
// One system brings one scene, which may play in earlier ones too: a file beside this one, a folder in scenes/ and a line
// in scenes below.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

// scene is one story.
type scene struct {
	title string
	files string // its configuration, below scenes/
	play  func(*stage) error
}

var scenes = []scene{
	{title: "ZenML: a service account and the key it works with", files: "zenml", play: playZenML},
	{title: "ZenML and DT together: one program that works in both", files: "dt", play: playDT},
	{title: "Neowit: a key that somebody deletes by hand", files: "neowit", play: playNeowit},
	{title: "All four together: one apply, and a credential of Keycard that changes", files: "keycard", play: playKeycard},
	{title: "A key that is in no state: made, used and revoked in one apply", files: "ephemeral", play: playEphemeral},
}

// timeLimit ends a demo that hangs.
const timeLimit = 3 * time.Minute

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, timeLimit)
	defer cancel()
	started := time.Now()
	if err := run(ctx); err != nil {
		if cause := ctx.Err(); cause != nil {
			err = errors.Join(cause, err)
		}
		fmt.Fprintf(os.Stderr, "\nThe demo ends here: %v\n", err)
		os.Exit(1)
	}
	fmt.Fprintf(os.Stdout, "\nAll of it happened as told, in %s. The sandbox is stopped and nothing is left behind.\n",
		time.Since(started).Round(100*time.Millisecond))
}

func run(ctx context.Context) (err error) {
	bin, err := filepath.Abs("bin")
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "machineid-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()

	tell := narrator{out: os.Stdout}
	tell.say("A sandbox with fakes of all systems starts on a free port of this machine.")
	sandbox, err := startSandbox(ctx, filepath.Join(bin, "machineid-sandbox"), folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, sandbox.stop()) }()
	tell.fact("it listens on %s", sandbox.address)

	cli, err := newCLI(bin, folder, sandbox.environment)
	if err != nil {
		return err
	}
	tell.fact("%s will drive the provider in bin/", cli.version(ctx))

	for _, s := range scenes {
		tell.title(s.title)
		workspace := filepath.Join(folder, s.files)
		if err := unpack(s.files, workspace); err != nil {
			return err
		}
		if err := s.play(&stage{ctx: ctx, narrator: &tell, cli: cli.in(workspace), sandbox: sandbox}); err != nil {
			return fmt.Errorf("step %d: %w", tell.step, err)
		}
	}
	return nil
}
