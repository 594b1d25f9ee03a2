//go:build unix

package acctest

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// ApplyKilled applies in an installed workspace of the same env, and kills the CLI and the provider at once when kill is
// closed, as a crash of the machine would. It reports false if the apply ended by itself before that.
func (w *Workspace) ApplyKilled(env map[string]string, kill <-chan struct{}) (killed bool) {
	w.t.Helper()
	_, err := w.ApplySignalled(env, syscall.SIGKILL, kill)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		status, ok := exit.Sys().(syscall.WaitStatus)
		killed = ok && status.Signaled()
	}
	if !killed && err != nil {
		w.t.Fatalf("the apply was to be killed, and ended with %v", err)
	}
	return killed
}

// ApplySignalled applies in an installed workspace of the same env, and sends a signal to the CLI, the provider and all that they
// have started, when "when" is closed, as timeout and the runners of pipelines do. It returns what the CLI printed, when nothing of it
// runs any more.
func (w *Workspace) ApplySignalled(env map[string]string, signal syscall.Signal, when <-chan struct{}) (printed string, err error) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, w.tf.ExecPath(), "apply", "-auto-approve", "-input=false", "-no-color") //nolint:gosec // the path is the developer's own
	command.Dir = w.folder
	for name, value := range w.environment(env) {
		command.Env = append(command.Env, name+"="+value)
	}
	command.Stdout, command.Stderr = w.output, w.complaints
	// The provider joins the CLI's process group, which is not the test's.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := command.Start(); err != nil {
		w.t.Fatal(err)
	}
	group := -command.Process.Pid
	ended := make(chan struct{})
	go func() {
		select {
		case <-when:
			_ = syscall.Kill(group, signal)
		case <-ended:
		}
	}()
	err = command.Wait()
	close(ended)
	printed = w.printed()
	// Killed processes are there until somebody has asked how they ended, which takes its time on a busy machine.
	for range 6000 {
		if gone := syscall.Kill(group, 0); errors.Is(gone, syscall.ESRCH) {
			return printed, err
		}
		<-time.After(10 * time.Millisecond)
	}
	w.t.Fatal("something of the apply lives on")
	return printed, err
}

// LostState tells that the state file is empty or cut off, and then empties it, because no CLI reads what was cut off. The CLI
// empties a local state file before it writes it anew, so a kill at that moment loses all of it, with every secret; one
// that hits the writing itself leaves the first pages of it.
func (w *Workspace) LostState() bool {
	w.t.Helper()
	name := filepath.Join(w.folder, "terraform.tfstate")
	content, err := os.ReadFile(name)
	if err != nil || json.Valid(content) {
		return false
	}
	if err := os.Truncate(name, 0); err != nil {
		w.t.Fatal(err)
	}
	return true
}
