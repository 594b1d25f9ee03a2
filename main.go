// Command terraform-provider-machineid serves the provider to Terraform and OpenTofu.
package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/machineid/terraform-provider-machineid/internal/provider"
	"github.com/machineid/terraform-provider-machineid/internal/serve"
)

// version is set by the release build.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "serve so that a debugger can attach, and print how Terraform is told to re-attach")
	flag.Parse()
	// Here Go's HTTP client would tell what a server sends unasked, which may be a secret that it was sent.
	log.SetOutput(io.Discard)
	if err := serve.Serve(provider.New(version, os.Getenv), *debug); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
