// Package serve runs a provider as the process that the CLI starts. It takes the place of the framework's own function of
// that name, and keeps what a plan over thousands of objects costs beside its requests low: no log is written that nobody
// reads, and nothing of a call is kept after it.
package serve

import (
	"os"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

// address is that of the provider in the registry.
const address = "registry.terraform.io/machineid/machineid"

// Serve answers the CLI until it has enough. With debug, it prints how a CLI is told to attach, and serves many.
func Serve(construct func() provider.Provider, debug bool) error {
	var options []tf6server.ServeOpt
	if debug {
		options = append(options, tf6server.WithManagedDebug())
	} else if err := quiet(os.Getenv, os.Setenv); err != nil {
		return err
	}
	server := newClosing(construct())
	defer server.closeAll()
	if !debug {
		outlive(server.closeAll)
	}
	return tf6server.Serve(address, func() tfprotov6.ProviderServer { return server }, options...)
}

// Server answers the calls of the protocol, as the process does.
func Server(p provider.Provider) tfprotov6.ProviderServer { return server(p) }

func server(p provider.Provider) lending {
	server := providerserver.NewProtocol6(p)()
	// A part of its own as long as the library has it so; a test sees that it is there.
	lists, _ := server.(tfprotov6.ListResourceServer)
	return lending{server, lists}
}
