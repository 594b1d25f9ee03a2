// Package sealtest makes recipients, and opens what was sealed to them with the tools that people have: age and gpg.
package sealtest

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"filippo.io/age"
)

// Reader is somebody who can open what is sealed to its recipient.
type Reader struct {
	// Recipient is what to seal to, and Fingerprint what it is known by.
	Recipient, Fingerprint string

	open func(t testing.TB, sealed string) string
}

// Open decrypts a sealed text with the tool of its kind, and fails the test if that refuses.
func (r Reader) Open(t testing.TB, sealed string) string {
	t.Helper()
	return r.open(t, sealed)
}

// Age makes a reader of age. The tool is built from its module.
func Age(t testing.TB) Reader {
	t.Helper()
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	recipient := identity.Recipient().String()
	file := filepath.Join(t.TempDir(), "identity.txt")
	if err := os.WriteFile(file, []byte(identity.String()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return Reader{Recipient: recipient, Fingerprint: recipient, open: func(t testing.TB, sealed string) string {
		t.Helper()
		return run(t, sealed, nil, ageTool(t), "--decrypt", "--identity", file)
	}}
}

var buildAge = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "age")
	if err != nil {
		return "", err
	}
	root, err := exec.CommandContext(context.Background(), "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return "", err
	}
	tool := filepath.Join(folder, "age")
	module := filepath.Join(strings.TrimSpace(string(root)), "internal", "tools", "age")
	//nolint:gosec // A tool of this repository.
	output, err := exec.CommandContext(context.Background(), "go", "build", "-C", module, "-o", tool, "filippo.io/age/cmd/age").CombinedOutput()
	if err != nil {
		return string(output), err
	}
	return tool, nil
})

func ageTool(t testing.TB) string {
	t.Helper()
	tool, err := buildAge()
	if err != nil {
		t.Fatalf("age cannot be built: %v\n%s", err, tool)
	}
	return tool
}

// PGP makes a reader of GnuPG, with a keyring of its own. It skips the test where there is no gpg.
func PGP(t testing.TB) Reader {
	t.Helper()
	tool, err := exec.LookPath("gpg")
	if err != nil {
		t.Skip("there is no gpg")
	}
	// Not in the folder of the test: the path of its agent's socket may be no longer than about 100 letters.
	home, err := os.MkdirTemp("", "gpg") //nolint:usetesting // See above.
	if err != nil {
		t.Fatal(err)
	}
	env := []string{"GNUPGHOME=" + home}
	t.Cleanup(func() {
		if agent, err := exec.LookPath("gpgconf"); err == nil {
			command := exec.CommandContext(context.Background(), agent, "--kill", "all") //nolint:gosec // What belongs to the tool under test, whose context has ended.
			command.Env = append(os.Environ(), env...)
			_ = command.Run()
		}
		_ = os.RemoveAll(home)
	})
	run(t, "", env, tool, "--batch", "--quiet", "--passphrase", "", "--quick-generate-key", "reader@example.org", "default", "default", "never")
	listed := run(t, "", env, tool, "--batch", "--with-colons", "--fingerprint", "reader@example.org")
	_, after, _ := strings.Cut(listed, "\nfpr:")
	return Reader{
		Recipient:   run(t, "", env, tool, "--batch", "--armor", "--export", "reader@example.org"),
		Fingerprint: strings.Trim(strings.SplitN(after, "\n", 2)[0], ":"),
		open: func(t testing.TB, sealed string) string {
			t.Helper()
			return run(t, sealed, env, tool, "--batch", "--quiet", "--decrypt")
		},
	}
}

// run gives a tool an input, and returns its output.
func run(t testing.TB, input string, env []string, tool string, arguments ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), tool, arguments...) //nolint:gosec // The tool that was found or built above.
	command.Env = append(os.Environ(), env...)
	command.Stdin = strings.NewReader(input)
	var output, complaints bytes.Buffer
	command.Stdout, command.Stderr = &output, &complaints
	if err := command.Run(); err != nil {
		t.Fatalf("%s %s: %v\n%s", filepath.Base(tool), strings.Join(arguments, " "), err, complaints.String())
	}
	return output.String()
}
