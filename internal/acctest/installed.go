package acctest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-exec/tfexec"
)

// overrides leads the CLI to the folder of the provider. The second address is that of a configuration which does not
// say where the provider comes from.
const overrides = `provider_installation {
  dev_overrides {
    "machineid/machineid" = %q
    "hashicorp/machineid" = %q
  }
  direct {}
}
`

// NewInstalledWorkspace is [NewWorkspace] with the provider built and started by the CLI, as users have it: one process
// for each provider block. It sees the variables of env and none of the process' own. Those that speak to the CLI, such
// as TF_VAR_ ones, are left out; see [Workspace.Variables].
func NewInstalledWorkspace(t *testing.T, env map[string]string) *Workspace {
	t.Helper()
	folder, err := build()
	if err != nil {
		t.Fatal(err)
	}
	w := newWorkspace(t)
	w.installed, w.reattach = true, tfexec.Reattach(tfexec.ReattachInfo{})
	w.Write("override.tfrc", fmt.Sprintf(overrides, folder, folder))

	whole := w.environment(env)
	if err := w.tf.SetEnv(whole); err != nil {
		t.Fatal(err)
	}
	w.environ = func() ([]string, error) { return pairs(whole), nil }
	return w
}

// environment is what the CLI of an installed workspace sees of the variables of env, with what leads it to the provider.
func (w *Workspace) environment(env map[string]string) map[string]string {
	whole := tfexec.CleanEnv(Without(env)) // a copy, because it cleans in place
	for _, name := range []string{"PATH", "HOME", "TMPDIR"} {
		if value, ok := os.LookupEnv(name); ok {
			whole[name] = value
		}
	}
	whole["CHECKPOINT_DISABLE"] = "1"
	whole["TF_CLI_CONFIG_FILE"] = filepath.Join(w.folder, "override.tfrc")
	return whole
}

// build builds the provider, once for the process, and returns the folder that holds it. All tests of a process belong
// to one repository.
var build = sync.OnceValues(func() (string, error) {
	root, err := repository()
	if err != nil {
		return "", err
	}
	folder := filepath.Join(root, "bin", "acctest")
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, "go", "build", "-o", filepath.Join(folder, "terraform-provider-machineid"), ".") //nolint:gosec // both are ours
	command.Dir = root
	if output, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the provider: %w\n%s", err, output)
	}
	return folder, nil
})
