// Package tools_test tests the scripts that find the CLI.
package tools_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// ran is what became of a program.
type ran struct {
	out, complaints string
	status          int
}

// run runs a program with a PATH of its own and a standard input.
func run(t *testing.T, path, input, name string, args ...string) ran {
	t.Helper()
	command := exec.CommandContext(t.Context(), name, args...)
	command.Env = append(os.Environ(), "PATH="+path)
	command.Stdin = strings.NewReader(input)
	var out, complaints bytes.Buffer
	command.Stdout, command.Stderr = &out, &complaints
	err := command.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return ran{out.String(), complaints.String(), command.ProcessState.ExitCode()}
}

// program writes a script that can be run.
func program(t *testing.T, path, script string) {
	t.Helper()
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
}

func TestFindCLI(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	terraform, tofu := filepath.Join(folder, "terraform"), filepath.Join(folder, "tofu")
	program(t, terraform, `echo "Terraform v1.13.5"; echo "on linux_amd64"`)
	program(t, tofu, `echo "OpenTofu v1.12.6"`)
	for wanted, test := range map[string]struct {
		found, told string
	}{
		"":          {terraform, "(Terraform v1.13.5)"},
		"terraform": {terraform, "(Terraform v1.13.5)"},
		"tofu":      {tofu, "(OpenTofu v1.12.6)"},
		"1.13":      {terraform, "(Terraform v1.13.5)"},
		terraform:   {terraform, "(Terraform v1.13.5)"},
		"1.99":      {"", "has no Terraform 1.99"},
		"1.1":       {"", "has no Terraform 1.1"},
		"./1.13":    {"", "is no program that can be run"},
		"nosuch":    {"", "no nosuch on the PATH"},
	} {
		t.Run("TF="+filepath.Base(wanted), func(t *testing.T) {
			t.Parallel()
			got := run(t, folder+":/usr/bin:/bin", "", "./find-cli.sh", wanted)
			if strings.TrimSpace(got.out) != test.found || !strings.Contains(got.complaints, test.told) || (got.status == 0) != (test.found != "") {
				t.Errorf("%+v", got)
			}
		})
	}
}

// library stands in for Terraform in the form of a shared library.
const library = `
#include <stdio.h>
int RunCli(int argc, char **argv, int out, int err) {
	char line[9];
	for (int i = 0; i < argc; i++) dprintf(out, "[%s]", argv[i]);
	if (fgets(line, sizeof line, stdin)) dprintf(out, "%s", line);
	dprintf(err, "complaint");
	return 2;
}
`

// TestTerraformOfALibrary sees that the program around the library passes on what it is given and what it gets.
func TestTerraformOfALibrary(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	source, shared := filepath.Join(folder, "library.c"), filepath.Join(folder, "library.so")
	if err := os.WriteFile(source, []byte(library), 0o600); err != nil {
		t.Fatal(err)
	}
	compile := func(args ...string) {
		t.Helper()
		if output, err := exec.CommandContext(t.Context(), "cc", args...).CombinedOutput(); err != nil {
			t.Fatalf("cc: %v\n%s", err, output)
		}
	}
	terraform := filepath.Join(folder, "terraform")
	compile("-shared", "-fPIC", source, "-o", shared)
	compile(`-DLIBRARY="`+shared+`"`, "terraform/terraform.c", "-ldl", "-o", terraform)

	want := ran{"[plan][-var=x=1 2][]input", "complaint", 2}
	if got := run(t, os.Getenv("PATH"), "input", terraform, "plan", "-var=x=1 2", ""); got != want {
		t.Errorf("%+v instead of %+v", got, want)
	}
	if err := os.Remove(shared); err != nil {
		t.Fatal(err)
	}
	if got := run(t, os.Getenv("PATH"), "", terraform, "version"); got.status != 1 || !strings.Contains(got.complaints, "cannot load Terraform") {
		t.Errorf("without its library: %+v", got)
	}
}
