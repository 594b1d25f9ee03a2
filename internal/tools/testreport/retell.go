package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// event is one line of `go test -json`.
type event struct {
	Action     string
	Package    string
	ImportPath string
	Test       string
	Output     string
	// Elapsed is in seconds.
	Elapsed float64
}

// logLine is what t.Skip and t.Log print: the place, then the text.
var logLine = regexp.MustCompile(`^\s+[^\s:]+\.go:\d+:(.*)$`)

// retell reads events until they end. Of passing tests it prints nothing, of failing ones
// everything they said, and of packages their closing line.
func retell(events io.Reader, out io.Writer) (*summary, error) {
	result := &summary{}
	said := map[string][]string{}
	lines := bufio.NewScanner(events)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var e event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			fmt.Fprintln(out, lines.Text())
			continue
		}
		result.take(e, said, out)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("cannot read the events of go test: %w", err)
	}
	return result, nil
}

func (s *summary) take(e event, said map[string][]string, out io.Writer) {
	key := e.Package + " " + e.Test
	switch e.Action {
	case "build-output":
		fmt.Fprint(out, e.Output)
	case "build-fail":
		s.failed++
		s.broken = append(s.broken, e.ImportPath)
	case "output":
		if e.Test == "" && !frame(e.Output) {
			fmt.Fprint(out, e.Output)
			return
		}
		said[key] = append(said[key], e.Output)
	case "pass", "fail", "skip":
		s.end(e, said[key], out)
		delete(said, key)
		if e.Action == "fail" && e.Test == "" {
			unfinished(e.Package, said, out)
		}
	}
}

func (s *summary) end(e event, said []string, out io.Writer) {
	if e.Action == "fail" {
		fmt.Fprint(out, strings.Join(said, ""))
	}
	if e.Test == "" {
		// A package can fail without a failing test, by a panic in TestMain for example.
		s.packageFailed = s.packageFailed || e.Action == "fail"
		return
	}
	s.took = append(s.took, duration{e.Package + " " + e.Test, e.Elapsed})
	switch e.Action {
	case "pass":
		s.passed++
	case "fail":
		s.failed++
		s.failures = append(s.failures, failure{e.Package + " " + e.Test, said})
	case "skip":
		s.skipped = append(s.skipped, skip{pkg: e.Package, test: e.Test, reason: reason(said)})
	}
}

// unfinished prints what tests said that never came to an end: a panic or a time limit
// takes the whole package down, and its trace belongs to whichever test was running.
func unfinished(pkg string, said map[string][]string, out io.Writer) {
	for key, lines := range said {
		if strings.HasPrefix(key, pkg+" ") {
			fmt.Fprint(out, strings.Join(lines, ""))
			delete(said, key)
		}
	}
}

// frame tells the lines that go test prints around a package and that carry no news.
func frame(line string) bool {
	line = strings.TrimSpace(line)
	return line == "" || line == "PASS" || strings.HasPrefix(line, "testing: warning: no tests to run")
}

// reason is what the test logged last, with the lines that continue it.
func reason(said []string) string {
	var words []string
	for _, chunk := range said {
		for line := range strings.Lines(chunk) {
			line = strings.TrimRight(line, "\n")
			if found := logLine.FindStringSubmatch(line); found != nil {
				words = []string{strings.TrimSpace(found[1])}
				continue
			}
			continues := strings.HasPrefix(line, "        ")
			if continues && len(words) > 0 {
				words = append(words, strings.TrimSpace(line))
			}
		}
	}
	return strings.TrimSpace(strings.Join(words, " "))
}
