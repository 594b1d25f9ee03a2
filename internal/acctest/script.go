package acctest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// mirror leads the CLI to a folder in which `init` finds the provider, as from a registry.
const mirror = `provider_installation {
  filesystem_mirror {
    path = %q
  }
}
`

// Scripts is a folder with a configuration in which a test runs shell scripts, as a pipeline does: they call the CLI by the name
// terraform, and `terraform init` installs the provider.
type Scripts struct {
	t      *testing.T
	Folder string
	env    []string
}

// NewScripts returns an empty folder. Scripts see the variables of env and none of the process' own.
func NewScripts(t *testing.T, env map[string]string) *Scripts {
	t.Helper()
	w := NewInstalledWorkspace(t, env)
	tools := t.TempDir()
	if err := os.Symlink(requireCLI(t).path, filepath.Join(tools, "terraform")); err != nil {
		t.Fatal(err)
	}
	whole := w.environment(env)
	whole["PATH"] = tools + string(os.PathListSeparator) + whole["PATH"]
	whole["TF_CLI_CONFIG_FILE"] = filepath.Join(t.TempDir(), "mirror.tfrc")
	if err := os.WriteFile(whole["TF_CLI_CONFIG_FILE"], fmt.Appendf(nil, mirror, newMirror(t)), 0o600); err != nil {
		t.Fatal(err)
	}
	s := &Scripts{t: t, Folder: w.folder}
	for name, value := range whole {
		s.env = append(s.env, name+"="+value)
	}
	return s
}

// newMirror returns a folder with the provider, in the layout of a mirror.
func newMirror(t *testing.T) string {
	t.Helper()
	built, err := build()
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		for _, namespace := range []string{"hashicorp", "machineid"} {
			platform := filepath.Join(root, host, namespace, "machineid", "0.0.1", runtime.GOOS+"_"+runtime.GOARCH)
			if err := os.MkdirAll(platform, 0o750); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(filepath.Join(built, "terraform-provider-machineid"), filepath.Join(platform, "terraform-provider-machineid_v0.0.1")); err != nil {
				t.Fatal(err)
			}
		}
	}
	return root
}

// Write puts a file into the folder.
func (s *Scripts) Write(name, content string) {
	s.t.Helper()
	if err := os.WriteFile(filepath.Join(s.Folder, name), []byte(content), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// Run runs a script as pipelines do, which ends with its first command that fails, and returns what it printed.
func (s *Scripts) Run(script string) (string, error) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 5*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, "bash", "-e", "-o", "pipefail", "-c", script) //nolint:gosec // It is an example of ours.
	command.Dir, command.Env = s.Folder, s.env
	var printed strings.Builder
	command.Stdout, command.Stderr = &printed, &printed
	err := command.Run()
	Printed(s.t, printed.String())
	return printed.String(), err
}
