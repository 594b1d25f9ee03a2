// Package workflows_test reads the workflows of the public forge.
package workflows_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	uses = regexp.MustCompile(`^\s*(?:- )?uses:\s*(.*)$`)
	// pinned is an action at a commit, with the version that people read.
	pinned = regexp.MustCompile(`^[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)
	// own is a workflow of the same commit.
	own = regexp.MustCompile(`^\./\.github/workflows/[\w-]+\.yml$`)
)

// lines calls f with every line of every workflow.
func lines(t *testing.T, f func(path, line string)) {
	t.Helper()
	paths, err := filepath.Glob("../../../.github/workflows/*")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no workflows: %v", err)
	}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(content)) {
			f(filepath.Base(path), strings.TrimRight(line, "\n"))
		}
	}
}

// A tag can be moved to other code; a commit cannot.
func TestActionsArePinned(t *testing.T) {
	t.Parallel()
	commits := map[string]string{}
	lines(t, func(path, line string) {
		found := uses.FindStringSubmatch(line)
		if found == nil || own.MatchString(found[1]) {
			return
		}
		if !pinned.MatchString(found[1]) {
			t.Errorf("%s: %q names no commit with its version", path, found[1])
			return
		}
		action, commit, _ := strings.Cut(found[1], "@")
		if known, ok := commits[action]; ok && known != commit {
			t.Errorf("%s: %s is at %q here and at %q elsewhere", path, action, commit, known)
		}
		commits[action] = commit
	})
	if len(commits) == 0 {
		t.Error("no action was found")
	}
}

// A workflow grants nothing; each job grants what it needs, and only the release writes.
func TestPermissionsAreLeast(t *testing.T) {
	t.Parallel()
	granted := map[string]int{}
	nothing := map[string]bool{}
	lines(t, func(path, line string) {
		if line == "permissions: {}" {
			nothing[path] = true
		}
		if name, right, ok := strings.Cut(strings.TrimSpace(line), ": "); ok && (right == "write" || right == "write-all") {
			granted[path+" "+name]++
		}
		if strings.TrimSpace(line) == "jobs:" && !nothing[path] {
			t.Errorf("%s: jobs begin with the rights that the forge grants by itself", path)
		}
	})
	if len(granted) != 1 || granted["release.yml contents"] != 1 {
		t.Errorf("rights to write: %v", granted)
	}
}
