package acctest

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-exec/tfexec"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"
)

// RequireQuery skips a test of `terraform query`, which only newer CLIs have.
func RequireQuery(t testing.TB) {
	t.Helper()
	if requireCLI(t).tofu {
		t.Skip("OpenTofu has no command query")
	}
	RequireCLI(t, tfversion.Version1_14_0, "terraform query")
}

// Query asks what the content of a .tfquery.hcl file asks, and returns the error with what was printed. It is not one of
// tfexec's commands: that one writes no configuration.
func (w *Workspace) Query(content string, options ...string) (string, error) {
	w.t.Helper()
	w.Write("main.tf", required)
	w.Write("find.tfquery.hcl", content)
	w.init()
	environ, err := w.environ()
	if err != nil {
		w.t.Fatal(err)
	}
	command := exec.CommandContext(w.t.Context(), requireCLI(w.t).path, append([]string{"query", "-no-color"}, options...)...) //nolint:gosec // the path is the developer's own
	command.Dir, command.Env = w.folder, environ
	command.Stdout, command.Stderr = w.output, w.complaints
	err = command.Run()
	return w.printed(), err
}

// required names the provider to the CLI: it asks nothing for a folder without a configuration, and encodes no answer of a
// provider that only a query names.
const required = `terraform {
  required_providers {
    machineid = { source = "machineid/machineid" }
  }
}
`

// MustQuery is [Workspace.Query], and fails the test on an error. It returns what was printed.
func (w *Workspace) MustQuery(content string, options ...string) string {
	w.t.Helper()
	printed, err := w.Query(content, options...)
	if err != nil {
		w.t.Fatalf("query: %v\n%s", err, printed)
	}
	return printed
}

// MustImportFound asks a list resource, has the CLI write the configuration of what is found, and imports that: nothing may
// change by it, and nothing be left to plan. Config are the lines of the query's configuration. It returns the addresses of
// what was imported.
func (w *Workspace) MustImportFound(typeName, config string) []string {
	w.t.Helper()
	RequireQuery(w.t)
	w.MustQuery(fmt.Sprintf("list %q \"found\" {\n  provider = machineid\n  config {\n%s\n  }\n}\n", typeName, config), "-generate-config-out=found.tf")
	plan, printed, _ := w.Plan()
	var imported []string
	for _, change := range plan.ResourceChanges {
		if change.Change.Importing == nil || !slices.Equal(change.Change.Actions, tfjson.Actions{tfjson.ActionNoop}) {
			w.t.Errorf("%s is not only imported:\n%s", change.Address, printed)
		}
		imported = append(imported, change.Address)
	}
	w.MustApply(w.SavedPlan())
	w.MustBeQuiet()
	return imported
}

// reattached is the environment of this process, and where the CLI finds the provider that runs in it.
func reattached(served tfexec.ReattachInfo) ([]string, error) {
	where, err := json.Marshal(served)
	if err != nil {
		return nil, err
	}
	return append(os.Environ(), "TF_REATTACH_PROVIDERS="+string(where)), nil
}

// pairs writes variables as a process takes them.
func pairs(variables map[string]string) []string {
	var all []string
	for name, value := range variables {
		all = append(all, name+"="+value)
	}
	slices.SortFunc(all, strings.Compare)
	return all
}
