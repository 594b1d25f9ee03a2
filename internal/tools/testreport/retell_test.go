package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestRetell(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		events  []string
		printed []string // must all appear
		hidden  string   // must not appear
		verdict string   // "" when the run is fine
	}{
		"passing tests are quiet, packages are not": {
			events: []string{
				`{"Action":"output","Package":"p","Test":"TestA","Output":"chatter\n"}`,
				`{"Action":"pass","Package":"p","Test":"TestA"}`,
				`{"Action":"output","Package":"p","Output":"PASS\n"}`,
				`{"Action":"output","Package":"p","Output":"ok  \tp\t0.1s\n"}`,
				`{"Action":"pass","Package":"p"}`,
			},
			printed: []string{"ok  \tp\t0.1s", "1 passed, 0 failed, 0 skipped"},
			hidden:  "chatter",
		},
		"slow tests are listed": {
			events: []string{
				`{"Action":"pass","Package":"p","Test":"TestQuick","Elapsed":19.9}`,
				`{"Action":"pass","Package":"p","Test":"TestSlow","Elapsed":21}`,
				`{"Action":"pass","Package":"p","Test":"TestSlower","Elapsed":120.4}`,
				`{"Action":"pass","Package":"p","Elapsed":130}`,
			},
			printed: []string{"Slowest:\n   120 s  p TestSlower\n    21 s  p TestSlow\n", "3 passed"},
			hidden:  "TestQuick",
		},
		"a failing test is heard": {
			events: []string{
				`{"Action":"output","Package":"p","Test":"TestA","Output":"    a_test.go:3: want 1\n"}`,
				`{"Action":"fail","Package":"p","Test":"TestA"}`,
				`{"Action":"fail","Package":"p"}`,
			},
			printed: []string{"want 1", "Failed, with their last lines:\n  p TestA\n          a_test.go:3: want 1\n\n0 passed, 1 failed, 0 skipped"},
			verdict: "there are failures",
		},
		"a skip is listed with its reason": {
			events: []string{
				`{"Action":"pass","Package":"p","Test":"TestB"}`,
				`{"Action":"output","Package":"p","Test":"TestA","Output":"    a_test.go:3: an earlier log line\n"}`,
				`{"Action":"output","Package":"p","Test":"TestA","Output":"    a_test.go:4: needs Terraform 1.12\n"}`,
				`{"Action":"output","Package":"p","Test":"TestA","Output":"        or OpenTofu 1.13\n"}`,
				`{"Action":"output","Package":"p","Test":"TestA","Output":"--- SKIP: TestA (0.00s)\n"}`,
				`{"Action":"skip","Package":"p","Test":"TestA"}`,
			},
			printed: []string{"Skipped (1):\n  needs Terraform 1.12 or OpenTofu 1.13\n      p TestA\n", "1 passed, 0 failed, 1 skipped"},
			hidden:  "earlier",
		},
		"skips that share a reason stand together": {
			events: []string{
				`{"Action":"output","Package":"p","Test":"TestA","Output":"    a_test.go:4: needs one\n"}`,
				`{"Action":"skip","Package":"p","Test":"TestA"}`,
				`{"Action":"output","Package":"p","Test":"TestB","Output":"    a_test.go:4: needs another\n"}`,
				`{"Action":"skip","Package":"p","Test":"TestB"}`,
				`{"Action":"output","Package":"q","Test":"TestC","Output":"    a_test.go:4: needs one\n"}`,
				`{"Action":"skip","Package":"q","Test":"TestC"}`,
				`{"Action":"pass","Package":"p","Test":"TestD"}`,
			},
			printed: []string{"Skipped (3):\n  needs one\n      p TestA\n      q TestC\n  needs another\n      p TestB\n"},
		},
		"a skip without a reason fails": {
			events: []string{
				`{"Action":"pass","Package":"p","Test":"TestB"}`,
				`{"Action":"output","Package":"p","Test":"TestA","Output":"    a_test.go:4: \n"}`,
				`{"Action":"output","Package":"p","Test":"TestA","Output":"--- SKIP: TestA (0.00s)\n"}`,
				`{"Action":"skip","Package":"p","Test":"TestA"}`,
			},
			printed: []string{"NO REASON GIVEN"},
			verdict: "p TestA is skipped without a reason",
		},
		"no test is no success": {
			events:  []string{`{"Action":"pass","Package":"p"}`},
			verdict: "no test ran",
		},
		"a package without tests is no skip": {
			events: []string{
				`{"Action":"pass","Package":"p","Test":"TestB"}`,
				`{"Action":"output","Package":"q","Output":"?   \tq\t[no test files]\n"}`,
				`{"Action":"skip","Package":"q"}`,
			},
			printed: []string{"1 passed, 0 failed, 0 skipped"},
		},
		"a package that does not compile fails": {
			events: []string{
				`{"ImportPath":"q","Action":"build-output","Output":"q.go:1: broken\n"}`,
				`{"ImportPath":"q","Action":"build-fail"}`,
				`{"Action":"pass","Package":"p","Test":"TestB"}`,
			},
			printed: []string{"q.go:1: broken"},
			verdict: "does not compile: q",
		},
		"what an interrupted test said is not lost": {
			events: []string{
				`{"Action":"pass","Package":"p","Test":"TestB"}`,
				`{"Action":"output","Package":"p","Test":"TestA","Output":"panic: test timed out\n"}`,
				`{"Action":"fail","Package":"p"}`,
			},
			printed: []string{"panic: test timed out"},
			verdict: "there are failures",
		},
		"a package that dies outside a test fails": {
			events: []string{
				`{"Action":"pass","Package":"p","Test":"TestB"}`,
				`{"Action":"output","Package":"p","Output":"panic: in TestMain\n"}`,
				`{"Action":"fail","Package":"p"}`,
			},
			printed: []string{"panic: in TestMain"},
			verdict: "there are failures",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			got, err := retell(strings.NewReader(strings.Join(c.events, "\n")), &out)
			if err != nil {
				t.Fatal(err)
			}
			got.print(&out)
			for _, want := range c.printed {
				if !strings.Contains(out.String(), want) {
					t.Errorf("want %q in:\n%s", want, &out)
				}
			}
			if c.hidden != "" && strings.Contains(out.String(), c.hidden) {
				t.Errorf("want no %q in:\n%s", c.hidden, &out)
			}
			verdict := got.verdict()
			switch {
			case c.verdict == "" && verdict != nil:
				t.Errorf("want a good verdict, got: %v", verdict)
			case c.verdict != "" && (verdict == nil || !strings.Contains(verdict.Error(), c.verdict)):
				t.Errorf("want verdict %q, got: %v", c.verdict, verdict)
			}
		})
	}
}
