package acctest

import (
	"bytes"
	"encoding/base64"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// The values of the variable MACHINEID_CANARY, which `make test-canary` sets.
const (
	canaryVariable = "MACHINEID_CANARY"
	// canaryOn searches what was logged and printed for secrets, and fails the test that finds one.
	canaryOn = "1"
	// canaryControl serves a provider that tells its secrets on purpose, and fails the test that does not find them.
	canaryControl = "control"
)

// A canary listens to a sandbox for the secrets that it gives out or is shown, and at the end of the test searches for
// them what the provider and the CLI logged, both at TRACE, and what the CLI printed. What Terraform writes to keep
// secrets in, its state and its saved plans, is no log. A nil canary does nothing.
type canary struct {
	mu      sync.Mutex
	secrets map[string]struct{}
	// underway counts the requests that are being handled.
	underway atomic.Int32
}

// newCanary returns the canary of a test that starts, nil unless one was asked for.
func newCanary(t testing.TB) *canary {
	t.Helper()
	switch mode := os.Getenv(canaryVariable); mode {
	case "":
		return nil
	case canaryOn, canaryControl:
	default:
		t.Fatalf("%s=%q: it takes %q and %q", canaryVariable, mode, canaryOn, canaryControl)
	}
	if _, err := canaryLogs(); err != nil {
		t.Fatal(err)
	}
	c := &canary{secrets: map[string]struct{}{}}
	t.Cleanup(func() { c.judge(t) })
	return c
}

// canaryLogs leads all logs of this process to a folder, one file for each test and kind, and returns the folder.
var canaryLogs = sync.OnceValues(func() (string, error) {
	root, err := repository()
	if err != nil {
		return "", err
	}
	parent := filepath.Join(root, "bin", "canary")
	if err := os.MkdirAll(parent, 0o750); err != nil {
		return "", err
	}
	folder, err := os.MkdirTemp(parent, "run-*")
	if err != nil {
		return "", err
	}
	// The testing framework gives these to the CLI and to the provider that it serves.
	if err := os.Setenv("TF_LOG", "TRACE"); err != nil {
		return "", err
	}
	return folder, os.Setenv("TF_LOG_PATH_MASK", filepath.Join(folder, "%s"+logSuffix))
})

// The kinds of files of a test.
const (
	logSuffix     = ".log"     // what its provider logged, and its CLI if the testing framework started it
	cliSuffix     = ".cli.log" // what the CLI of a [Workspace] logged
	printedSuffix = ".out.log" // what that CLI printed, and diagnostics that no CLI saw
)

// canaryFile is where something of a test belongs; "" without a canary.
func canaryFile(t testing.TB, suffix string) string {
	t.Helper()
	if os.Getenv(canaryVariable) == "" {
		return ""
	}
	folder, err := canaryLogs()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(folder, fileName(t.Name())+suffix)
}

// fileName is a test's name as the testing framework writes it into the name of a log.
func fileName(test string) string { return strings.ReplaceAll(test, "/", "__") }

// Printed hands what a user would get to read to the canary.
func Printed(t testing.TB, text string) {
	t.Helper()
	name := canaryFile(t, printedSuffix)
	if name == "" || text == "" {
		return
	}
	file, err := os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	_, err = file.WriteString(text)
	if closeErr := file.Close(); err != nil || closeErr != nil {
		t.Fatal(err, closeErr)
	}
}

// shortest is the shortest text that is searched for. A test may log in with a word, which is then no secret.
const shortest = 8

func (c *canary) learn(texts ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, text := range texts {
		if len(text) >= shortest {
			c.secrets[text] = struct{}{}
		}
	}
}

// learnSettings takes the secrets among the settings of a provider.
func (c *canary) learnSettings(env map[string]string) {
	if c != nil {
		c.learn(Secrets(env)...)
	}
}

// Secrets are the secrets among the settings of a provider.
func Secrets(env map[string]string) []string {
	var secrets []string
	for name, value := range env {
		for _, end := range []string{"SECRET", "PASSWORD", "API_KEY", "_TOKEN"} {
			if strings.HasSuffix(name, end) {
				secrets = append(secrets, value)
			}
		}
	}
	return secrets
}

// judge searches the files of a test and of its subtests.
func (c *canary) judge(t testing.TB) {
	t.Helper()
	folder, err := canaryLogs()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(folder, "*"+logSuffix))
	if err != nil {
		t.Fatal(err)
	}
	files = slices.DeleteFunc(files, func(name string) bool {
		base := filepath.Base(name)
		return !strings.HasPrefix(base, fileName(t.Name())+".") && !strings.HasPrefix(base, fileName(t.Name())+"__")
	})
	if len(files) == 0 && os.Getenv(canaryVariable) == canaryControl {
		t.Error("the canary is deaf: nothing of this test was logged or printed")
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		found := c.search(withoutCore(text))
		switch {
		case os.Getenv(canaryVariable) == canaryControl:
			if !strings.HasSuffix(name, cliSuffix) && (!slices.Contains(found, asPlain) || !slices.Contains(found, asBase64) || !slices.Contains(found, asURL)) {
				t.Errorf("the canary is blind: of what the provider told on purpose it found %v in %s", found, name)
			}
		case len(found) > 0:
			t.Errorf("the secrets of this test, of which %d are known, must not be told, but some are, as %s, in %s", len(c.secrets), strings.Join(found, ", "), name)
		}
	}
}

// coreLine is what Terraform and OpenTofu log of a value whose type is not fixed, and what they print of a terraform_data
// that they destroy: they forget that its output is sensitive. No resource of ours has either.
var coreLine = regexp.MustCompile(`(?m)^.*UpgradeResourceState: ignoring dynamic block: .*$|^ +- output +=( \[[^\]]*\])?.*$`)

func withoutCore(text []byte) []byte { return coreLine.ReplaceAll(text, nil) }

// The spellings that a secret is searched for in.
const (
	asPlain  = "plain text"
	asURL    = "URL"
	asQuoted = "JSON string"
	asBase64 = "base64"
)

// search tells the spellings in which a text holds secrets.
func (c *canary) search(text []byte) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	found := map[string]bool{}
	for secret := range c.secrets {
		for _, written := range spellings(secret) {
			found[written.spelling] = found[written.spelling] || bytes.Contains(text, []byte(written.text))
		}
	}
	return slices.DeleteFunc([]string{asPlain, asURL, asQuoted, asBase64}, func(spelling string) bool { return !found[spelling] })
}

// form is a secret as it may be written.
type form struct{ spelling, text string }

func spellings(secret string) []form {
	forms := []form{
		{asPlain, secret},
		{asURL, url.QueryEscape(secret)},
		{asURL, url.PathEscape(secret)},
		{asQuoted, quoted(secret, true)},
		{asQuoted, quoted(secret, false)},
	}
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		// Within a longer text that is encoded as a whole, a secret begins at one of three places of a group, and its
		// outer bytes share a letter with what stands beside them.
		for before := range 3 {
			encoded := encoding.EncodeToString(append(make([]byte, before), secret...))
			forms = append(forms, form{asBase64, encoded[[]int{0, 2, 3}[before] : (before+len(secret))*8/6]})
		}
	}
	return forms
}
