package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func trials(ours, floor time.Duration, peak int64) []trial {
	return []trial{{ours: sample{ours, peak}, floor: sample{floor, peak}}}
}

func TestVerdict(t *testing.T) {
	t.Parallel()
	good := func(keys int) result {
		return result{
			system: "zenml", keys: keys, applied: requests{all: keys + keys/10, posts: keys + keys/10}, planned: requests{all: keys/10 + 1},
			applies: trials(12*time.Second, 10*time.Second, 50<<20), plans: trials(105*time.Second/10, 10*time.Second, 50<<20),
		}
	}
	swift := readiness{ours: []time.Duration{time.Millisecond}, floor: []time.Duration{time.Millisecond}}
	for name, test := range map[string]struct {
		change func(*report)
		missed string // "" for nothing
		timed  bool   // so that it counts only if times are judged
	}{
		"all is well":       {func(*report) {}, "", false},
		"too many requests": {func(r *report) { r.results[0].planned.all = 104 }, "requests", false},
		"too much memory":   {func(r *report) { r.results[0].plans[0].ours.peak = 151 << 20 }, "150 MiB", false},
		"a slow plan":       {func(r *report) { r.results[0].plans = trials(11500*time.Millisecond, 10*time.Second, 1) }, "a plan takes", true},
		"a slow apply":      {func(r *report) { r.results[0].applies = trials(13*time.Second, 10*time.Second, 1) }, "an apply takes", true},
		"a swift floor does not count where the POSTs take longer": {func(r *report) {
			r.latency = 100 * time.Millisecond
			r.results[0].applies = trials(13*time.Second, time.Second, 1)
		}, "", false},
		"a slow start":      {func(r *report) { r.start.ours = []time.Duration{time.Second} }, "ready", true},
		"a plan over limit": {func(r *report) { r.limitedPlan = &limitedPlan{sample: sample{wall: 23 * time.Second}, requests: 102} }, "limit", true},
		"a plan in limit":   {func(r *report) { r.limitedPlan = &limitedPlan{sample: sample{wall: 21 * time.Second}, requests: 102} }, "", false},
		"steep growth": {func(r *report) {
			many := good(5000)
			many.plans = trials(60*time.Second, 20*time.Second, 1)
			r.results = append(r.results, many)
		}, "as long for", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &report{settings: settings{latency: 20 * time.Millisecond}, results: []result{good(1000)}, start: swift}
			test.change(r)
			err := r.verdict(true)
			if (err != nil) != (test.missed != "") || err != nil && !strings.Contains(err.Error(), test.missed) {
				t.Errorf("judged with times: %v, want %q", err, test.missed)
			}
			if err := r.verdict(false); (err != nil) != (test.missed != "" && !test.timed) {
				t.Errorf("judged without times: %v", err)
			}
			if r.markdown() == "" {
				t.Error("no table")
			}
		})
	}
}

func TestMiddle(t *testing.T) {
	t.Parallel()
	for want, all := range map[float64][]float64{0: nil, 2: {3, 1, 2}, 2.5: {4, 1, 3, 2}} {
		before := slices.Clone(all)
		if found := middle(all); found != want || !slices.Equal(all, before) {
			t.Errorf("%v: %v", all, found)
		}
	}
}

func TestInsert(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "page.md")
	page := func(inside string) string {
		return "before\n<!-- measured by `make bench` -->\n" + inside + "<!-- end -->\nafter\n"
	}
	if err := os.WriteFile(file, []byte(page("old\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := insert(file, "new\n"); err != nil {
		t.Fatal(err)
	}
	if content, err := os.ReadFile(file); err != nil || string(content) != page("new\n") {
		t.Errorf("%q, %v", content, err)
	}
	if err := os.WriteFile(file, []byte("no marks"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := insert(file, "new\n"); err == nil {
		t.Error("a page without marks was written")
	}
}
