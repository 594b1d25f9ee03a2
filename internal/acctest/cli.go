// Package acctest serves the provider and the sandbox to tests that drive the Terraform CLI. The provider runs in the
// test process and sees only the environment that a test gives it, so tests run in parallel, each on its own sandbox.
package acctest

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/go-version"
)

// cli is the Terraform CLI that tests drive.
type cli struct {
	path string
	// tofu tells OpenTofu, which has another default registry.
	tofu    bool
	version *version.Version
	err     string
}

func (c cli) name() string {
	if c.tofu {
		return "OpenTofu"
	}
	return "Terraform"
}

// firstLine is what both CLIs print first of their version.
var firstLine = regexp.MustCompile(`^(Terraform|OpenTofu) v(\S+)`)

// findCLI takes TF_ACC_TERRAFORM_PATH, else terraform or tofu on the PATH, and sets the variables that the testing
// framework reads, once for the process.
var findCLI = sync.OnceValue(func() cli {
	found := cli{path: os.Getenv("TF_ACC_TERRAFORM_PATH")}
	for _, name := range []string{"terraform", "tofu"} {
		if found.path == "" {
			found.path, _ = exec.LookPath(name)
		}
	}
	if found.path == "" {
		found.err = "no terraform and no tofu on the PATH: run the tests by `make test`, which builds OpenTofu if need be"
		return found
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, found.path, "version") //nolint:gosec // the path is the developer's own
	command.Env = append(os.Environ(), "CHECKPOINT_DISABLE=1", "TF_CLI_CONFIG_FILE="+os.DevNull)
	text, err := command.Output()
	if err != nil {
		found.err = found.path + " version: " + err.Error()
		return found
	}
	printed := firstLine.FindStringSubmatch(string(text))
	if printed == nil {
		found.err = found.path + " version: neither Terraform nor OpenTofu"
		return found
	}
	found.tofu = printed[1] == "OpenTofu"
	if found.version, err = version.NewVersion(printed[2]); err != nil {
		found.err = found.path + " version: " + err.Error()
		return found
	}
	environment := map[string]string{"TF_ACC_TERRAFORM_PATH": found.path, "CHECKPOINT_DISABLE": "1"}
	if found.tofu {
		environment["TF_ACC_PROVIDER_HOST"] = "registry.opentofu.org"
	}
	// A developer's own configuration may override the very provider under test.
	environment["TF_CLI_CONFIG_FILE"] = os.DevNull
	for name, value := range environment {
		if err := os.Setenv(name, value); err != nil {
			found.err = err.Error()
		}
	}
	return found
})

func requireCLI(t testing.TB) cli {
	t.Helper()
	found := findCLI()
	if found.err != "" {
		t.Fatal(found.err)
	}
	return found
}

// RequireCLI skips a test of a feature that only newer CLIs have, and says which.
func RequireCLI(t testing.TB, minimum *version.Version, feature string) {
	t.Helper()
	if cli := requireCLI(t); cli.version.LessThan(minimum) {
		t.Skipf("%s needs Terraform or OpenTofu %s; the CLI at hand is %s %s", feature, minimum, cli.name(), cli.version)
	}
}

// repository is the root of this repository, found from the test's folder.
func repository() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder, nil
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			return "", errors.New("no go.mod above the test's folder")
		}
		folder = parent
	}
}
