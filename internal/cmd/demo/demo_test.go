package main

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestReadEnvironment(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "env")
	content := "# a comment\nexport PLAIN=http://127.0.0.1:1/zenml\nexport QUOTED='with space'\nexport QUOTE='it'\\''s'\n\n"
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := readEnvironment(file)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"PLAIN=http://127.0.0.1:1/zenml", "QUOTE=it's", "QUOTED=with space"}
	if !slices.Equal(got.list(), want) {
		t.Errorf("want %q, got %q", want, got.list())
	}
}

func TestChangeHow(t *testing.T) {
	t.Parallel()
	for actions, want := range map[string]string{
		"no-op":         "leave",
		"read":          "leave",
		"update":        "update",
		"delete create": "replace",
		"create delete": "replace",
		"delete":        "delete",
	} {
		var c change
		c.Change.Actions = strings.Fields(actions)
		if got := c.how(); got != want {
			t.Errorf("%s: want %s, got %s", actions, want, got)
		}
	}
}

// scriptVariable turns the test's own program into a CLI that does what the script says. A
// program written by a test could still be open for writing in a child of another test.
const scriptVariable = "DEMO_TEST_SCRIPT"

func TestMain(m *testing.M) {
	script := os.Getenv(scriptVariable)
	if script == "" {
		os.Exit(m.Run())
	}
	command := exec.Command("/bin/sh", append([]string{"-c", script, "fake"}, os.Args[1:]...)...)
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	_ = command.Run()
	os.Exit(command.ProcessState.ExitCode())
}

func fakeCLI(t *testing.T, script string) *cli {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return &cli{
		program:     program,
		folder:      t.TempDir(),
		environment: []string{scriptVariable + "=" + script},
		secrets:     environment{"P": "s3cret-word"}.secrets(),
	}
}

func TestFailureTellsTheReasonButNoSecret(t *testing.T) {
	t.Parallel()
	_, err := fakeCLI(t, "echo 'the password s3cret-word is wrong' >&2; exit 1").run(context.Background(), "apply")
	if err == nil || !strings.Contains(err.Error(), "the password (secret) is wrong") {
		t.Errorf("want the reason without the secret, got %v", err)
	}
}

func TestWhatIsHandedOverIsReadOrNotShown(t *testing.T) {
	t.Parallel()
	var key neowitKey
	good := &stage{ctx: context.Background(), cli: fakeCLI(t, `echo '{"key_id":"k","secret":"s3cret"}'`)}
	if err := good.handedOver(&key); err != nil || key.ID != "k" || key.Secret != "s3cret" {
		t.Errorf("want the key, got %v", err)
	}
	bad := &stage{ctx: context.Background(), cli: fakeCLI(t, "echo x")}
	if err := bad.handedOver(&key); err == nil || strings.Contains(err.Error(), "'x'") {
		t.Errorf("want an error that keeps the text to itself, got %v", err)
	}
}

func TestPlanBelievesNeitherCodeNorContentAlone(t *testing.T) {
	t.Parallel()
	const (
		empty = `{"resource_changes":[{"address":"a","change":{"actions":["no-op"]}}]}`
		full  = `{"resource_changes":[{"address":"a","change":{"actions":["update"]}}]}`
	)
	for name, c := range map[string]struct {
		code, content string
		changes       int
		fails         bool
	}{
		"nothing to do":          {"0", empty, 0, false},
		"something to do":        {"2", full, 1, false},
		"code 2 without changes": {"2", empty, 0, true},
		"code 0 with changes":    {"0", full, 0, true},
		"a failure":              {"1", empty, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &stage{
				ctx: context.Background(),
				cli: fakeCLI(t, `if [ "$1" = plan ]; then exit `+c.code+`; fi; echo '`+c.content+`'`),
			}
			changes, err := s.plan()
			if (err != nil) != c.fails || len(changes) != c.changes {
				t.Errorf("got %v and %v", changes, err)
			}
		})
	}
}

func TestExpectChangesAllowsNoOther(t *testing.T) {
	t.Parallel()
	const content = `{"resource_changes":[{"address":"b","change":{"actions":["update"]}},{"address":"a","change":{"actions":["update"]}}]}`
	for name, c := range map[string]struct {
		addresses []string
		how       string
		fails     bool
	}{
		"exactly these":        {[]string{"a", "b"}, "update", false},
		"one more in the plan": {[]string{"a"}, "update", true},
		"one less in the plan": {[]string{"a", "b", "c"}, "update", true},
		"in another way":       {[]string{"a", "b"}, "replace", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &stage{
				narrator: &narrator{out: io.Discard},
				ctx:      context.Background(),
				cli:      fakeCLI(t, `if [ "$1" = plan ]; then exit 2; fi; echo '`+content+`'`),
			}
			changes, err := s.expectChanges(c.addresses, c.how)
			if (err != nil) != c.fails {
				t.Fatalf("got %v and %v", changes, err)
			}
			if err == nil && (changes[0].Address != "a" || changes[1].Address != "b") {
				t.Errorf("the changes are not in the order of the addresses: %v", changes)
			}
		})
	}
}
