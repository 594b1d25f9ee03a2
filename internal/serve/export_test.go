package serve

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Orphaned ends the process once it was asked to and the CLI is gone.
var Orphaned = orphaned

// Quiet is what [Serve] does first.
var Quiet = quiet

// Lend returns a context that is another until it is taken back.
func Lend(ctx context.Context) (lent context.Context, takeBack func()) {
	l := lend(ctx)
	return l, l.takeBack
}

// Closing is what [Serve] serves, with what it does at the end.
func Closing(p provider.Provider) (served tfprotov6.ProviderServer, closeAll func()) {
	server := newClosing(p)
	return server, server.closeAll
}
