package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// skip is one test that did not run to its end, and why.
type skip struct {
	pkg, test, reason string
}

// failure is one test that failed, and the end of what it said.
type failure struct {
	test string
	said []string
}

// duration is how many seconds a test took.
type duration struct {
	test    string
	seconds float64
}

// slow is from how many seconds on a test is listed, and listed how many are at most.
const slow, listed = 20, 15

// told is how many lines of a failed test are repeated at the end, where a log of thousands of lines is read first.
const told = 30

// summary counts tests and subtests alike, as go test names them.
type summary struct {
	passed, failed int
	failures       []failure
	skipped        []skip
	took           []duration
	broken         []string // packages that did not compile
	packageFailed  bool
}

func (s *summary) print(out io.Writer) {
	slices.SortStableFunc(s.took, func(a, b duration) int { return cmp.Compare(b.seconds, a.seconds) })
	for i, one := range s.took[:min(listed, len(s.took))] {
		if one.seconds < slow {
			break
		}
		if i == 0 {
			fmt.Fprintln(out, "\nSlowest:")
		}
		fmt.Fprintf(out, "  %4.0f s  %s\n", one.seconds, one.test)
	}
	s.printSkipped(out)
	s.printFailures(out)
	fmt.Fprintf(out, "\n%d passed, %d failed, %d skipped\n", s.passed, s.failed, len(s.skipped))
}

// printSkipped lists the tests below their reasons, because many share one.
func (s *summary) printSkipped(out io.Writer) {
	if len(s.skipped) > 0 {
		fmt.Fprintf(out, "\nSkipped (%d):\n", len(s.skipped))
	}
	var reasons []string
	tests := map[string][]string{}
	for _, skipped := range s.skipped {
		reason := cmp.Or(skipped.reason, "NO REASON GIVEN")
		if tests[reason] == nil {
			reasons = append(reasons, reason)
		}
		tests[reason] = append(tests[reason], skipped.pkg+" "+skipped.test)
	}
	for _, reason := range reasons {
		fmt.Fprintf(out, "  %s\n      %s\n", reason, strings.Join(tests[reason], "\n      "))
	}
}

func (s *summary) printFailures(out io.Writer) {
	if len(s.failures) > 0 {
		fmt.Fprintln(out, "\nFailed, with their last lines:")
	}
	for _, failed := range s.failures {
		lines := strings.Split(strings.TrimRight(strings.Join(failed.said, ""), "\n"), "\n")
		fmt.Fprintf(out, "  %s\n      %s\n", failed.test, strings.Join(lines[max(0, len(lines)-told):], "\n      "))
	}
}

func (s *summary) verdict() error {
	var problems []error
	if len(s.broken) > 0 {
		problems = append(problems, fmt.Errorf("does not compile: %s", strings.Join(s.broken, ", ")))
	}
	if s.failed > 0 || s.packageFailed {
		problems = append(problems, errors.New("there are failures"))
	}
	for _, skipped := range s.skipped {
		if skipped.reason == "" {
			problems = append(problems, fmt.Errorf("%s %s is skipped without a reason: say in t.Skip what it needs", skipped.pkg, skipped.test))
		}
	}
	if s.passed+s.failed == 0 {
		problems = append(problems, errors.New("no test ran: check the packages and the -run pattern"))
	}
	return errors.Join(problems...)
}
