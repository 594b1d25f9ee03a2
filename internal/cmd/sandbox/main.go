// Command sandbox serves fakes of all systems on a loopback address, for trying the provider and for tests.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"os/signal"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox"
	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
)

// grace is how long requests under way may take at the end.
const grace = 5 * time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "machineid-sandbox:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("machineid-sandbox", flag.ContinueOnError)
	flags.SetOutput(stderr)
	listen := flags.String("listen", "127.0.0.1:8787", "loopback `address` to listen on; port 0 picks a free one")
	envFile := flags.String("env-file", "", "`file` to write the variables to that lead a client here, before the sandbox is ready")
	stateFile := flags.String("state", "", "`file` to keep the data in over restarts")
	latency := flags.Duration("latency", 0, "how long each request waits before it is handled")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("there is no use for %q: every setting is a flag", flags.Arg(0))
	}
	if *latency < 0 {
		return errors.New("-latency cannot be negative")
	}

	listener, err := listenLoopback(ctx, *listen)
	if err != nil {
		return err
	}
	defer listener.Close()
	box, err := sandbox.New(sandbox.Config{StateFile: *stateFile, Latency: *latency})
	if err != nil {
		return err
	}
	address := "http://" + listener.Addr().String()
	if *envFile != "" {
		if err := stage.WriteFile(*envFile, []byte(exports(box.Environment(address)))); err != nil {
			return fmt.Errorf("cannot write the variables: %w", err)
		}
	}
	fmt.Fprintln(stdout, "listening on", address)
	return errors.Join(serve(ctx, listener, box), box.Close())
}

// serve answers requests until ctx ends, and lets those under way finish.
func serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	ending, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	if err := server.Shutdown(ending); err != nil {
		// Whoever still waits, for example because of a delay fault, is cut off.
		return server.Close()
	}
	return nil
}

// listenLoopback refuses every address that others on the network could reach: the sandbox guards nothing of value,
// but it does what it is told.
func listenLoopback(ctx context.Context, address string) (net.Listener, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("-listen wants host:port, as in 127.0.0.1:8787: %w", err)
	}
	if host == "localhost" {
		// Resolved here, so that no name service can make something else of it.
		host = "127.0.0.1"
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return nil, fmt.Errorf("-listen %s is not a loopback address; use 127.0.0.1, [::1] or localhost", address)
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", net.JoinHostPort(host, port))
	if err != nil {
		return nil, fmt.Errorf("%w; another -listen port may be free, and port 0 picks one that is", err)
	}
	return listener, nil
}

// exports writes variables as a file that a shell can source.
func exports(variables map[string]string) string {
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		value := variables[name]
		// Plain values stay bare, for readers that are no shell.
		if !plain.MatchString(value) {
			value = "'" + strings.ReplaceAll(value, "'", `'\''`) + "'"
		}
		fmt.Fprintf(&text, "export %s=%s\n", name, value)
	}
	return text.String()
}

var plain = regexp.MustCompile(`^[A-Za-z0-9_./:@%+,=-]+$`)
