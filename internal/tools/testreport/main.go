// Command testreport runs `go test -json` with the arguments given to it, retells the run
// the way `go test` does, and closes with every skipped test and its reason.
//
// It fails when a test fails, when a test is skipped without saying why, and when no test ran.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "testreport:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	command := exec.Command("go", append([]string{"test", "-json"}, args...)...) //nolint:gosec,noctx // The caller's own arguments; interrupted, go test ends by itself.
	command.Stderr = os.Stderr
	events, err := command.StdoutPipe()
	if err != nil {
		return fmt.Errorf("cannot read from go test: %w", err)
	}
	if err := command.Start(); err != nil {
		return fmt.Errorf("cannot start go test: %w", err)
	}
	summary, readErr := retell(events, os.Stdout)
	testErr := command.Wait()
	if readErr != nil {
		return readErr
	}
	summary.print(os.Stdout)
	if testErr != nil {
		return errors.Join(fmt.Errorf("go test: %w", testErr), summary.verdict())
	}
	return summary.verdict()
}
