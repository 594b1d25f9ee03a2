package acctest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/terraform-exec/tfexec"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

// Workspace is a folder with a configuration in which a test gives the CLI one command after another, where the steps
// of [Test] are too coarse: saved plans, refresh-only runs, what is printed. All commands share one provider in the
// test process.
type Workspace struct {
	t        *testing.T
	tf       *tfexec.Terraform
	folder   string
	reattach *tfexec.ReattachOption
	// environ is what the CLI sees that is started without tfexec.
	environ func() ([]string, error)
	// output and complaints are what the CLI writes to its two streams. Both are copied at once: in one, lines of the other would
	// stand in the midst of a text.
	output, complaints *transcript
	// installed tells that the CLI starts the provider itself.
	installed bool
}

// NewWorkspace returns an empty folder and a provider that sees the variables of env. The provider serves all provider
// blocks of a configuration at once, so there must be no more than one; see [NewInstalledWorkspace].
func NewWorkspace(t *testing.T, env map[string]string) *Workspace {
	t.Helper()
	return NewWorkspaceAt(t, env, time.Now)
}

// NewWorkspaceAt is [NewWorkspace] with a clock for the provider.
func NewWorkspaceAt(t *testing.T, env map[string]string, now func() time.Time) *Workspace {
	t.Helper()
	w := newWorkspace(t)
	served := serveProvider(t, ProviderAt(env, now))
	w.reattach = tfexec.Reattach(served)
	w.environ = func() ([]string, error) { return reattached(served) }
	return w
}

func newWorkspace(t *testing.T) *Workspace {
	t.Helper()
	cli := requireCLI(t)
	folder := t.TempDir()
	tf, err := tfexec.NewTerraform(folder, cli.path)
	if err != nil {
		t.Fatal(err)
	}
	output, complaints := &transcript{}, &transcript{}
	tf.SetStdout(output)
	tf.SetStderr(complaints)
	if log := canaryFile(t, cliSuffix); log != "" {
		if err := tf.SetLogPath(log); err != nil {
			t.Fatal(err)
		}
	}
	return &Workspace{t: t, tf: tf, folder: folder, output: output, complaints: complaints}
}

// serveProvider runs the provider in this process, under every address that a configuration may call it by.
func serveProvider(t *testing.T, construct func() (tfprotov6.ProviderServer, error)) tfexec.ReattachInfo {
	t.Helper()
	provider, err := construct()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	reattach, closed := make(chan *plugin.ReattachConfig), make(chan struct{})
	go func() {
		_ = tf6server.Serve("registry.terraform.io/machineid/machineid", func() tfprotov6.ProviderServer { return provider },
			tf6server.WithDebug(ctx, reattach, closed),
			tf6server.WithLoggingSink(t),
			tf6server.WithoutLogStderrOverride(),
			tf6server.WithGoPluginLogger(hclog.New(&hclog.LoggerOptions{Output: io.Discard})))
	}()
	t.Cleanup(func() {
		cancel()
		<-closed
	})
	served := <-reattach
	config := tfexec.ReattachConfig{
		Protocol: string(served.Protocol), ProtocolVersion: served.ProtocolVersion, Pid: served.Pid, Test: true,
		Addr: tfexec.ReattachConfigAddr{Network: served.Addr.Network(), String: served.Addr.String()},
	}
	info := tfexec.ReattachInfo{}
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		for _, namespace := range []string{"hashicorp", "machineid"} {
			info[host+"/"+namespace+"/machineid"] = config
		}
	}
	return info
}

// Write puts a configuration into the folder, in place of an earlier one of that name.
func (w *Workspace) Write(name, content string) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.folder, name), []byte(content), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// Copy puts a file of the repository into the folder as main.tf.
func (w *Workspace) Copy(name string) {
	w.t.Helper()
	root, err := repository()
	if err != nil {
		w.t.Fatal(err)
	}
	content, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	if err != nil {
		w.t.Fatal(err)
	}
	w.Write("main.tf", string(content))
}

// Variables sets the configuration's input variables.
func (w *Workspace) Variables(values map[string]string) {
	w.t.Helper()
	encoded, err := json.Marshal(values)
	if err != nil {
		w.t.Fatal(err)
	}
	w.Write("terraform.tfvars.json", string(encoded))
}

// Apply applies and returns the error with what was printed.
func (w *Workspace) Apply(options ...tfexec.ApplyOption) (string, error) {
	w.t.Helper()
	return w.ApplyUntil(context.Background(), options...)
}

// ApplyUntil is [Workspace.Apply] with an interrupt, as by Ctrl-C, when ctx ends.
func (w *Workspace) ApplyUntil(ctx context.Context, options ...tfexec.ApplyOption) (string, error) {
	w.t.Helper()
	w.init()
	err := w.tf.Apply(ctx, append(options, w.reattach)...)
	return w.printed(), err
}

// MustApply applies and fails the test on an error.
func (w *Workspace) MustApply(options ...tfexec.ApplyOption) string {
	w.t.Helper()
	printed, err := w.Apply(options...)
	if err != nil {
		w.t.Fatalf("apply: %v\n%s", err, printed)
	}
	return printed
}

// ApplyMustFail applies, and fails the test unless that fails and says these phrases; see [Says]. It returns what was
// printed.
func (w *Workspace) ApplyMustFail(phrases ...string) string {
	w.t.Helper()
	printed, err := w.Apply()
	if err == nil || !Said(printed, phrases...) {
		w.t.Errorf("the apply must fail and say %q; it ended with %v:\n%s", phrases, err, printed)
	}
	return printed
}

// MustDestroy destroys everything.
func (w *Workspace) MustDestroy(options ...tfexec.DestroyOption) {
	w.t.Helper()
	if err := w.tf.Destroy(context.Background(), append(options, w.reattach)...); err != nil {
		w.t.Fatalf("destroy: %v\n%s", err, w.printed())
	}
	w.printed()
}

// Import imports an object and returns the error with what was printed.
func (w *Workspace) Import(address, id string) (string, error) {
	w.t.Helper()
	w.init()
	err := w.tf.Import(context.Background(), address, id, w.reattach)
	return w.printed(), err
}

// MustImport imports an object and fails the test on an error.
func (w *Workspace) MustImport(address, id string) {
	w.t.Helper()
	if printed, err := w.Import(address, id); err != nil {
		w.t.Fatalf("import: %v\n%s", err, printed)
	}
}

// Taint marks an object to be replaced by the next apply.
func (w *Workspace) Taint(address string) {
	w.t.Helper()
	if err := w.tf.Taint(context.Background(), address); err != nil {
		w.t.Fatalf("taint: %v\n%s", err, w.printed())
	}
	w.printed()
}

// Untaint takes back a mark that [Workspace.Taint] or a failed creation has set.
func (w *Workspace) Untaint(address string) {
	w.t.Helper()
	if err := w.tf.Untaint(context.Background(), address); err != nil {
		w.t.Fatalf("untaint: %v\n%s", err, w.printed())
	}
	w.printed()
}

// Plan plans, and returns the plan, what was printed, and whether there are changes (exit code 2).
func (w *Workspace) Plan(options ...tfexec.PlanOption) (plan *tfjson.Plan, printed string, changes bool) {
	w.t.Helper()
	w.init()
	changes, err := w.tf.Plan(context.Background(), append(options, w.reattach, tfexec.Out("saved.tfplan"))...)
	printed = w.printed()
	if err != nil {
		w.t.Fatalf("plan: %v\n%s", err, printed)
	}
	plan, err = w.tf.ShowPlanFile(context.Background(), "saved.tfplan", w.reattach)
	if err != nil {
		w.t.Fatalf("show plan: %v", err)
	}
	w.taken()
	return plan, printed, changes
}

// PlanMustFail plans, and fails the test unless that fails with a text that matches.
func (w *Workspace) PlanMustFail(want *regexp.Regexp) {
	w.t.Helper()
	w.init()
	_, err := w.tf.Plan(context.Background(), w.reattach)
	if printed := w.printed(); err == nil || !want.MatchString(printed) {
		w.t.Errorf("the plan must fail with %s; it ended with %v:\n%s", want, err, printed)
	}
}

// SavedPlan is the option that applies what [Workspace.Plan] saved.
func (w *Workspace) SavedPlan() tfexec.ApplyOption { return tfexec.DirOrPlan("saved.tfplan") }

// MustBeQuiet fails unless a plan is empty and a refresh-only plan's JSON has no resource_drift.
func (w *Workspace) MustBeQuiet() {
	w.t.Helper()
	if _, printed, changes := w.Plan(); changes {
		w.t.Errorf("a plan after apply is not empty:\n%s", printed)
	}
	refreshed, printed, _ := w.Plan(tfexec.RefreshOnly(true))
	if len(refreshed.ResourceDrift) > 0 {
		w.t.Errorf("a refresh-only plan after apply shows drift:\n%s", printed)
	}
}

// init is needed although the provider is served from here: the configuration may have modules, and the CLI wants it.
// With an override it would ask the registry for the provider, and is not needed.
func (w *Workspace) init() {
	w.t.Helper()
	if w.installed {
		return
	}
	if _, err := os.Stat(filepath.Join(w.folder, ".terraform")); err == nil {
		return
	}
	if err := w.tf.Init(context.Background(), w.reattach); err != nil {
		w.t.Fatalf("init: %v\n%s", err, w.printed())
	}
	w.printed()
	if err := os.MkdirAll(filepath.Join(w.folder, ".terraform"), 0o750); err != nil {
		w.t.Fatal(err)
	}
}

// printed returns what the latest command printed for its user to read; JSON holds what is in the state, secrets included.
func (w *Workspace) printed() string {
	w.t.Helper()
	text := w.taken()
	Printed(w.t, text)
	return text
}

// taken returns what was written since the last call.
func (w *Workspace) taken() string { return w.output.take() + w.complaints.take() }

// transcript collects what is written to it. It is safe for concurrent use.
type transcript struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements [io.Writer].
func (t *transcript) Write(text []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.Write(text)
}

// take returns what was printed since the last call.
func (t *transcript) take() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	defer t.text.Reset()
	return t.text.String()
}

// all returns what was written since the last take.
func (t *transcript) all() []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	return bytes.Clone(t.text.Bytes())
}
