// Command bench measures what the provider costs: real plans and applies by the Terraform CLI against a sandbox, in turn
// with a floor, which is a provider with the same schemas and no API behind it, and with the CLI's own terraform_data.
// What counts are ratios of one turn, for machines are noisy.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// settings are what the flags say.
type settings struct {
	sizes    []int
	systems  []string
	rounds   int
	latency  time.Duration
	limited  bool
	document string
	judge    bool
}

// parallelism is the CLI's default.
const parallelism = 10

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) (err error) {
	wanted, err := parse(args)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "machineid-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()

	b, err := newBench(folder, wanted)
	if err != nil {
		return err
	}
	report, err := b.measure(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintln(os.Stdout, report.markdown())
	if wanted.document != "" {
		if err := insert(wanted.document, report.markdown()); err != nil {
			return err
		}
	}
	return report.verdict(wanted.judge)
}

func parse(args []string) (settings, error) {
	var wanted settings
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	sizes := flags.String("sizes", "100,1000,5000", "how many keys, ten in an account")
	systems := flags.String("systems", "zenml,dt,neowit,keycard", "the systems to take")
	flags.IntVar(&wanted.rounds, "rounds", 3, "how often each is measured; from 5,000 keys on once")
	flags.DurationVar(&wanted.latency, "latency", 20*time.Millisecond, "how long each request waits")
	flags.BoolVar(&wanted.limited, "limited", true, "measure 1,000 keys of DT under its documented limit, too")
	flags.BoolVar(&wanted.judge, "judge", true, "fail when a target of time is missed; those of requests and memory always count")
	flags.StringVar(&wanted.document, "document", "", "a `file` that gets the tables between its marks")
	if err := flags.Parse(args); err != nil {
		return wanted, err
	}
	for text := range strings.SplitSeq(*sizes, ",") {
		size, err := strconv.Atoi(text)
		if err != nil || size < keysPerAccount {
			return wanted, fmt.Errorf("-sizes %s: want numbers of at least %d", *sizes, keysPerAccount)
		}
		wanted.sizes = append(wanted.sizes, size)
	}
	for name := range strings.SplitSeq(*systems, ",") {
		if _, known := systemConfigurations[name]; !known {
			return wanted, fmt.Errorf("-systems %s: %q is none", *systems, name)
		}
		wanted.systems = append(wanted.systems, name)
	}
	if wanted.rounds < 1 {
		return wanted, errors.New("-rounds must be at least 1")
	}
	return wanted, nil
}

// insert replaces what stands between the marks of a document.
func insert(document, text string) error {
	const begin, end = "<!-- measured by `make bench` -->\n", "<!-- end -->"
	content, err := os.ReadFile(filepath.Clean(document))
	if err != nil {
		return err
	}
	before, rest, begun := strings.Cut(string(content), begin)
	_, after, ended := strings.Cut(rest, end)
	if !begun || !ended {
		return fmt.Errorf("%s lacks the marks %q and %q", document, strings.TrimSpace(begin), end)
	}
	return os.WriteFile(document, []byte(before+begin+text+end+after), 0o644) //nolint:gosec // It is a page for everybody.
}
