package main

import (
	"bufio"
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// TestMain lets the test binary be the command, so that tests see a real process with its signals and status.
func TestMain(m *testing.M) {
	if os.Getenv("RUN_AS_SANDBOX") == "1" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	program := exec.CommandContext(t.Context(), os.Args[0], args...)
	program.Env = append(os.Environ(), "RUN_AS_SANDBOX=1")
	return program
}

// serving starts the command and returns its address once it is ready.
func serving(t *testing.T, args ...string) (*exec.Cmd, string) {
	t.Helper()
	program := command(t, append([]string{"-listen", "127.0.0.1:0"}, args...)...)
	out, err := program.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = program.Process.Kill() })
	line, err := bufio.NewReader(out).ReadString('\n')
	address, ready := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if err != nil || !ready || !strings.HasPrefix(address, "http://127.0.0.1:") {
		t.Fatalf("got the line %q, %v", line, err)
	}
	return program, address
}

var exportLine = regexp.MustCompile(`^export (TF_VAR_[a-z]+_[a-z_]+|[A-Z]+_[A-Z_]+)$`)

func TestServesUntilASignal(t *testing.T) {
	for _, signal := range []os.Signal{syscall.SIGTERM, os.Interrupt} {
		folder := t.TempDir()
		envFile, stateFile := filepath.Join(folder, "env"), filepath.Join(folder, "state")
		program, address := serving(t, "-env-file", envFile, "-state", stateFile)

		content, err := os.ReadFile(envFile) // there as soon as the line is
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(strings.TrimSpace(string(content)), "\n") {
			name, _, _ := strings.Cut(line, "=")
			if !exportLine.MatchString(name) {
				t.Errorf("a line of the variables begins with %s", name)
			}
		}
		if !strings.Contains(string(content), "export ZENML_SERVER_URL="+address+"/zenml\n") {
			t.Error("the variables lack the address")
		}
		for _, file := range []string{envFile, stateFile} {
			if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%s: %v, %v", filepath.Base(file), info, err)
			}
		}
		response, err := http.Get(address + "/zenml/health")
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()

		if err := program.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		if err := program.Wait(); err != nil {
			t.Errorf("after %v: %v", signal, err)
		}
		if _, err := http.Get(address); err == nil {
			t.Error("something still listens")
		}
	}
}

func TestRefusals(t *testing.T) {
	_, taken := serving(t)
	for _, c := range []struct {
		args []string
		part string
	}{
		{[]string{"-listen", "0.0.0.0:0"}, "not a loopback address"},
		{[]string{"-listen", ":0"}, "not a loopback address"},
		{[]string{"-listen", "192.0.2.1:0"}, "not a loopback address"},
		{[]string{"-listen", "example.com:0"}, "not a loopback address"},
		{[]string{"-listen", "127.0.0.1"}, "host:port"},
		{[]string{"-listen", strings.TrimPrefix(taken, "http://")}, "port 0 picks one"},
		{[]string{"-listen", "127.0.0.1:0", "-latency", "-1s"}, "negative"},
		{[]string{"-listen", "127.0.0.1:0", "zork"}, "every setting is a flag"},
		{[]string{"-listen", "127.0.0.1:0", "-env-file", t.TempDir()}, "cannot write the variables"},
		{[]string{"-listen", "127.0.0.1:0", "-state", t.TempDir()}, "cannot read the state file"},
	} {
		program := command(t, c.args...)
		var out, complaint bytes.Buffer
		program.Stdout, program.Stderr = &out, &complaint
		if err := program.Run(); err == nil || !strings.Contains(complaint.String(), c.part) || out.Len() > 0 {
			t.Errorf("%v: %v, said %q, want %q in it", c.args, err, complaint.String(), c.part)
		}
	}
}

func TestExportsAreQuotedWhereNeeded(t *testing.T) {
	got := exports(map[string]string{"B": "it's $HOME", "A": "http://127.0.0.1:1/x"})
	if want := "export A=http://127.0.0.1:1/x\nexport B='it'\\''s $HOME'\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
