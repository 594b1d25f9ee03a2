package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// built returns the smallest program there is, built with these flags.
func built(t *testing.T, flags ...string) []byte {
	t.Helper()
	folder := t.TempDir()
	write(t, filepath.Join(folder, "main.go"), "package main\n\nfunc main() {}\n")
	write(t, filepath.Join(folder, "go.mod"), "module example.com/least\n")
	command := exec.CommandContext(t.Context(), "go", append([]string{"build", "-o", "least"}, flags...)...)
	command.Dir, command.Env = folder, append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-buildvcs=false")
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	content, err := os.ReadFile(filepath.Join(folder, "least"))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestDamagedArchives(t *testing.T) {
	t.Parallel()
	const binary = project + "_v1.2.3"
	here := platform{runtime.GOOS, runtime.GOARCH}
	day := time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)
	good, untrimmed := built(t, "-trimpath"), built(t)
	archive := func(change func([]entry) []entry) []entry {
		return change([]entry{
			{"LICENSE", 0o644, day, nil},
			{"README.md", 0o644, day, nil},
			{"CHANGELOG.md", 0o644, day, nil},
			{binary, 0o755, day, good},
		})
	}
	cases := map[string]struct {
		change func([]entry) []entry
		here   platform
		told   string
	}{
		"none":              {func(e []entry) []entry { return e }, here, ""},
		"no binary":         {func(e []entry) []entry { return e[:3] }, here, "0 times " + binary},
		"two binaries":      {func(e []entry) []entry { return append(e, e[3]) }, here, "2 times " + binary},
		"no licence":        {func(e []entry) []entry { return e[1:] }, here, "1 times " + binary + " among 3 files"},
		"binaries alone":    {func(e []entry) []entry { e[0], e[1], e[2] = e[3], e[3], e[3]; return e }, here, "4 times " + binary},
		"another file":      {func(e []entry) []entry { e[2].name = "main.tf"; return e }, here, "main.tf does not belong there"},
		"not to be run":     {func(e []entry) []entry { e[3].mode = 0o644; return e }, here, binary + " cannot be run"},
		"a date of its own": {func(e []entry) []entry { e[3].modified = day.Add(time.Hour); return e }, here, binary + " has a date of its own"},
		"another name":      {func(e []entry) []entry { e[3].name = project; return e }, here, project + " does not belong there"},
		"another platform":  {func(e []entry) []entry { return e }, platform{"plan9", runtime.GOARCH}, "not built with GOOS=plan9"},
		"untrimmed":         {func(e []entry) []entry { e[3].content = untrimmed; return e }, here, "not built with -trimpath=true"},
		"no Go":             {func(e []entry) []entry { e[3].content = []byte("#!/bin/sh"); return e }, here, "unrecognized file format"},
		"a folder in it": {func(e []entry) []entry {
			e[3].content = append(good[:len(good):len(good)], foldersOfThisMachine()[0]...)
			return e
		}, here, "the binary names"},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			told := joined(checkEntries(archive(test.change), binary, test.here))
			if test.told == "" && told != "" || !strings.Contains(told, test.told) {
				t.Errorf("told %q, not %q", told, test.told)
			}
		})
	}
}
