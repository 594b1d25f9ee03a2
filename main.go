// Command terraform-provider-machineid serves the provider to Terraform and OpenTofu.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/machineid/terraform-provider-machineid/internal/provider"
)

// version is set by the release build.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "serve so that a debugger can attach, and print how Terraform is told to re-attach")
	flag.Parse()
	// Here Go's HTTP client would tell what a server sends unasked, which may be a secret that it was sent.
	log.SetOutput(io.Discard)
	err := providerserver.Serve(context.Background(), provider.New(version, os.Getenv), providerserver.ServeOpts{
		Address: "registry.terraform.io/machineid/machineid",
		Debug:   *debug,
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
